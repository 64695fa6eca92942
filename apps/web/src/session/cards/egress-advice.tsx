import { egressAdvice, type EgressPhase } from '@slipway/core/policy/egress-advice'
import { WithCode } from '../../controls/with-code.tsx'

/** How what was refused can be let through, each way once. */
export function EgressAdvice({ refused }: { refused: readonly { phase: EgressPhase; reason: string }[] }) {
  const ways = new Set(refused.flatMap(({ phase, reason }) => egressAdvice(phase, reason) ?? []))
  return [...ways].map((way) => (
    <p key={way} className="mt-2 text-xs text-muted">
      <WithCode text={way} />
    </p>
  ))
}

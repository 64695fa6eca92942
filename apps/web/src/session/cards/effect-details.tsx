import type { EffectDescription } from '@slipway/core/effects'
import { cleanOutput } from '@slipway/core/text/clean'

/** Exactly what would happen, why a person is asked, and how it can be undone. */
export function EffectDetails({ effect }: { effect: EffectDescription }) {
  return (
    <>
      <dl className="grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
        {effect.details.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="max-h-40 min-w-0 overflow-auto font-mono text-xs leading-5 break-words whitespace-pre-wrap">
              {cleanOutput(value).text}
            </dd>
          </div>
        ))}
      </dl>
      <dl className="mt-2 grid grid-cols-[minmax(5rem,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 border-t border-separator pt-2 text-sm">
        <dt className="text-muted">Why you are asked</dt>
        <dd>{effect.reason}</dd>
        <dt className="text-muted">Undo</dt>
        <dd>{effect.reversible}</dd>
      </dl>
    </>
  )
}

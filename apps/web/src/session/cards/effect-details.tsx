import type { EffectDescription } from '@slipway/core/effects'
import { cleanOutput } from '@slipway/core/text/clean'

const LIST = 'grid grid-cols-[8.5rem_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm @max-sm:grid-cols-1 @max-sm:gap-y-0 @max-sm:[&_dd]:mb-1.5'

/** Exactly what would happen, why a person is asked, and how it can be undone. */
export function EffectDetails({ effect }: { effect: EffectDescription }) {
  return (
    <div className="@container">
      <dl className={LIST}>
        {effect.details.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted first-letter:uppercase">{name}</dt>
            <dd className="max-h-40 min-w-0 overflow-auto font-mono text-xs leading-5 break-words whitespace-pre-wrap">
              {cleanOutput(value).text}
            </dd>
          </div>
        ))}
      </dl>
      <dl className={`mt-2 border-t border-separator pt-2 ${LIST}`}>
        <dt className="text-muted">Why you are asked</dt>
        <dd>{effect.reason}</dd>
        <dt className="text-muted">Undo</dt>
        <dd>{effect.reversible}</dd>
      </dl>
    </div>
  )
}

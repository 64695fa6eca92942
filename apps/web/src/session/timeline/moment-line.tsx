'use client'

import { GitFork, Radio, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../controls/button.tsx'
import { formatCount } from '../../format/count.ts'
import { formatMoney } from '../../format/money.ts'
import { ForkDialog } from '../header/fork-dialog.tsx'
import { useMoment } from '../moment.ts'
import { useSessionAccess, useSessionView } from '../session-hooks.ts'
import { RollBackDialog } from './roll-back-dialog.tsx'
import { detailsOf } from './step-strip.tsx'
import { totalsAt, type Step } from './steps.ts'

/** Which step is looked at, what had been spent by then, and what can be done from there. */
export function MomentLine({ steps, current }: { steps: readonly Step[]; current: number }) {
  const { may, store, shareToken } = useSessionAccess()
  const { at, backToLive } = useMoment()
  const view = useSessionView().data
  const [dialog, setDialog] = useState<'fork' | 'roll-back' | null>(null)
  const step = steps[current]
  if (step === undefined) return null
  const isLive = at === 'now'
  const { costMicros, contextTokens } = totalsAt(steps, current)
  const isWhole = !store.hasOlder()
  const totals = [
    contextTokens === null ? null : `context ${formatCount(contextTokens)}`,
    // Without the beginning the sum would be too small; a shared link tells no money.
    isWhole && shareToken === null ? `${formatMoney(costMicros)} so far` : null,
  ].filter((part) => part !== null)
  return (
    <div className={`flex min-h-9 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1 text-xs ${isLive ? '' : 'bg-accent-soft'}`}>
      <p role="status" className="flex min-w-0 flex-1 basis-56 items-center gap-2">
        {isLive ? (
          <>
            <Radio aria-hidden className="size-3.5 shrink-0 text-success-text" />
            <span className="shrink-0 font-medium">Live</span>
          </>
        ) : (
          <span className="shrink-0 font-medium">
            You look at step {current + 1} of {steps.length}
          </span>
        )}
        <span className="min-w-0 truncate text-muted">
          {step.name} · {[detailsOf(step), ...totals].join(' · ')}
        </span>
      </p>
      {!isLive && (
        <div className="flex flex-wrap items-center gap-1.5 max-sm:[&_svg]:hidden">
          {may === 'act' && view !== undefined && (
            <>
              <Button size="sm" onClick={() => setDialog('fork')}>
                <GitFork aria-hidden />
                Fork from here
              </Button>
              <Button size="sm" onClick={() => setDialog('roll-back')}>
                <Undo2 aria-hidden />
                Roll back to here
              </Button>
            </>
          )}
          <Button size="sm" variant="primary" onClick={backToLive}>
            <Radio aria-hidden />
            Back to live
          </Button>
        </div>
      )}
      {dialog === 'fork' && view !== undefined && <ForkDialog view={view} onClose={() => setDialog(null)} />}
      {dialog === 'roll-back' && view !== undefined && at !== 'now' && (
        <RollBackDialog seq={at} view={view} onClose={() => setDialog(null)} />
      )}
    </div>
  )
}

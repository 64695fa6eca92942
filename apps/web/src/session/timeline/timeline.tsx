'use client'

import { ChevronsLeft, ZoomIn, ZoomOut } from 'lucide-react'
import { useDeferredValue, useRef, useState } from 'react'
import { useWidth } from '../diff/use-width.ts'
import { useMoment } from '../moment.ts'
import { useFold, useSessionStore } from '../session-hooks.ts'
import { MomentLine } from './moment-line.tsx'
import { StepList } from './step-list.tsx'
import { StepStrip } from './step-strip.tsx'
import { makeStepFold, stepAt } from './steps.ts'

const toolClass =
  'flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground disabled:opacity-40'

/** Narrower, it is a tab of its own with room below. */
const STRIP_PX = 560

/** Every step along one line; each leads to the session as it was then. */
export function Timeline() {
  const store = useSessionStore()
  const { at, goTo } = useMoment()
  const [isWide, setWide] = useState(true)
  const [isLoading, setLoading] = useState(false)
  // After the conversation, which is what one reads.
  const steps = useDeferredValue(useFold(makeStepFold))
  const section = useRef<HTMLElement>(null)
  const width = useWidth(section)
  const isTab = width > 0 && width < STRIP_PX
  const current = stepAt(steps, at)
  const hasOlder = store.hasOlder()

  async function loadOlder(): Promise<void> {
    setLoading(true)
    await store.loadOlder()
    setLoading(false)
  }

  return (
    <section ref={section} aria-label="Timeline" className="flex h-full min-h-0 flex-col bg-background">
      <MomentLine steps={steps} current={current} />
      {isTab ? (
        <StepList
          steps={steps}
          current={current}
          isLive={at === 'now'}
          onGo={(step) => goTo(step.endSeq)}
          older={hasOlder ? () => void loadOlder() : null}
        />
      ) : (
        <div className="flex h-11 items-center gap-1 border-t border-separator px-2">
          {hasOlder && (
            <button
              type="button"
              aria-label="Load earlier steps"
              title="Load earlier steps"
              disabled={isLoading}
              className={toolClass}
              onClick={() => void loadOlder()}
            >
              <ChevronsLeft aria-hidden className="size-3.5" />
            </button>
          )}
          {steps.length === 0 ? (
            <p className="flex-1 text-xs text-muted">Steps appear here as soon as the agent begins.</p>
          ) : (
            <StepStrip steps={steps} current={current} isLive={at === 'now'} isWide={isWide} onGo={(step) => goTo(step.endSeq)} />
          )}
          <button
            type="button"
            aria-label={isWide ? 'Show more steps at once' : 'Show steps with their names'}
            title={isWide ? 'More steps at once' : 'With their names'}
            className={toolClass}
            onClick={() => setWide(!isWide)}
          >
            {isWide ? <ZoomOut aria-hidden className="size-3.5" /> : <ZoomIn aria-hidden className="size-3.5" />}
          </button>
        </div>
      )}
    </section>
  )
}

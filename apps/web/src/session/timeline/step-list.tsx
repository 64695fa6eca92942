'use client'

import { useEffect, useRef } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { Button } from '../../controls/button.tsx'
import { ListBody } from '../../controls/list-body.tsx'
import { iconOf, toneOf } from './step-look.ts'
import { detailsOf } from './step-strip.tsx'
import type { Step } from './steps.ts'

interface ListProps {
  steps: readonly Step[]
  current: number
  isLive: boolean
  onGo(step: Step): void
  /** null: all steps are there. */
  older: (() => void) | null
}

/** The steps one below the other, where the page is narrow. */
export function StepList({ steps, current, isLive, onGo, older }: ListProps) {
  const list = useRef<VirtualizerHandle>(null)
  const count = steps.length
  useEffect(() => {
    list.current?.scrollToIndex(current, { align: isLive ? 'end' : 'nearest' })
  }, [current, isLive, count])
  if (count === 0) return <p className="px-3 py-6 text-center text-sm text-muted">Steps appear here as soon as the agent begins.</p>
  return (
    <div className="min-h-0 flex-1 overflow-y-auto border-t border-separator">
      {older !== null && (
        <Button size="sm" variant="ghost" className="w-full" onClick={older}>
          Load earlier steps
        </Button>
      )}
      <Virtualizer ref={list} as={ListBody} data={steps} itemSize={44} startMargin={older === null ? 0 : 28}>
        {(step, index) => {
          const Icon = iconOf(step)
          return (
            <button
              key={step.seq}
              type="button"
              aria-current={index === current ? 'step' : undefined}
              onClick={() => onGo(step)}
              className="flex h-11 w-full items-center gap-2.5 border-b border-separator px-3 text-left outline-offset-[-2px] hover:bg-surface-secondary aria-[current=step]:bg-accent-soft"
            >
              <Icon aria-hidden className={`size-4 shrink-0 ${toneOf(step)}`} strokeWidth={1.75} />
              <span className="min-w-0 flex-1">
                <span className="block truncate text-sm leading-4.5">{step.name}</span>
                <span className="block truncate text-2xs leading-3.5 text-muted">{detailsOf(step)}</span>
              </span>
            </button>
          )
        }}
      </Virtualizer>
    </div>
  )
}

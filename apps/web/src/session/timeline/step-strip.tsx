'use client'

import { memo, useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { ListBody } from '../../controls/list-body.tsx'
import { useIsPrepended } from '../use-is-prepended.ts'
import { formatMoney } from '../../format/money.ts'
import { formatClock } from '../../format/date.ts'
import { formatCount } from '../../format/count.ts'
import { formatDuration } from '../../format/duration.ts'
import { iconOf, toneOf } from './step-look.ts'
import type { Step } from './steps.ts'

interface StripProps {
  steps: readonly Step[]
  current: number
  isLive: boolean
  /** With names, else icons only. */
  isWide: boolean
  onGo(step: Step): void
}

const WIDE_PX = 136
const NARROW_PX = 28

/** One stop for the tab key: arrows move along, Enter goes there. Only the steps that are seen exist. */
export function StepStrip({ steps, current, isLive, isWide, onGo }: StripProps) {
  const id = useId()
  const list = useRef<VirtualizerHandle>(null)
  const [chosenSeq, setChosenSeq] = useState<number | null>(null)
  const chosen = steps.findIndex(({ seq }) => seq === chosenSeq)
  const active = chosen === -1 ? current : chosen
  const count = steps.length
  const isPrepended = useIsPrepended(steps)

  useEffect(() => {
    // What is looked at is in view: the newest step, or that of the moment.
    list.current?.scrollToIndex(current, { align: isLive ? 'end' : 'nearest' })
  }, [current, isLive, isWide, count])

  function moveTo(index: number): void {
    const next = Math.max(0, Math.min(count - 1, index))
    setChosenSeq(steps[next]?.seq ?? null)
    list.current?.scrollToIndex(next, { align: 'nearest' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    const step = steps[active]
    const keys: Record<string, () => void> = {
      ArrowRight: () => moveTo(active + 1),
      ArrowLeft: () => moveTo(active - 1),
      PageDown: () => moveTo(active + 10),
      PageUp: () => moveTo(active - 10),
      Home: () => moveTo(0),
      End: () => moveTo(count - 1),
      Enter: () => step !== undefined && onGo(step),
      ' ': () => step !== undefined && onGo(step),
    }
    const action = keys[event.key]
    if (action === undefined) return
    event.preventDefault()
    action()
  }

  return (
    <div
      role="listbox"
      aria-label="Steps"
      aria-orientation="horizontal"
      tabIndex={0}
      aria-activedescendant={`${id}-${active}`}
      onKeyDown={onKeyDown}
      onBlur={() => setChosenSeq(null)}
      className="group/strip h-9 min-w-0 flex-1 overflow-x-auto overflow-y-hidden rounded-md outline-offset-[-2px] [scrollbar-width:thin]"
    >
      <Virtualizer
        ref={list}
        as={ListBody}
        data={steps}
        shift={isPrepended}
        horizontal
        itemSize={isWide ? WIDE_PX : NARROW_PX}
        keepMounted={[active]}
      >
        {(step, index) => (
          <StepItem
            key={step.seq}
            id={`${id}-${index}`}
            step={step}
            number={index + 1}
            isFirstOfTurn={index > 0 && steps[index - 1]?.turn !== step.turn}
            isCurrent={index === current}
            isAfter={!isLive && index > current}
            isActive={index === active}
            isWide={isWide}
            onGo={onGo}
          />
        )}
      </Virtualizer>
    </div>
  )
}

interface ItemProps {
  id: string
  step: Step
  number: number
  isFirstOfTurn: boolean
  isCurrent: boolean
  isAfter: boolean
  isActive: boolean
  isWide: boolean
  onGo(step: Step): void
}

const StepItem = memo(function StepItem({ id, step, number, isFirstOfTurn, isCurrent, isAfter, isActive, isWide, onGo }: ItemProps) {
  const Icon = iconOf(step)
  const label = `Step ${number}: ${step.name}, ${detailsOf(step)}`
  return (
    <div
      style={{ width: isWide ? WIDE_PX : NARROW_PX }}
      className={`h-8 pr-0.5 ${isFirstOfTurn ? 'border-l-2 border-border-strong pl-0.5' : ''}`}
    >
      <div
        id={id}
        role="option"
        aria-selected={isCurrent}
        {...(isWide ? {} : { 'aria-label': label })}
        title={label}
        data-active={isActive}
        onClick={() => onGo(step)}
        className={`flex h-full cursor-pointer items-center gap-1.5 overflow-hidden rounded px-1.5 hover:bg-default aria-selected:bg-accent-soft aria-selected:shadow-[inset_0_-2px_0_var(--accent)] group-focus-visible/strip:data-[active=true]:shadow-[inset_0_0_0_1px_var(--focus)] ${isAfter ? 'grayscale [&_*]:text-muted!' : ''}`}
      >
        <Icon aria-hidden className={`size-3.5 shrink-0 ${toneOf(step)} ${step.isRunning ? 'animate-pulse' : ''}`} strokeWidth={1.75} />
        {isWide && (
          <span className="min-w-0 flex-1">
            <span className="block truncate text-2xs leading-3.5">
              <span className="sr-only">Step {number}: </span>
              {step.name}
            </span>
            <span className="block truncate text-2xs leading-3.5 text-muted">{shortDetails(step)}</span>
          </span>
        )}
      </div>
    </div>
  )
})

function shortDetails(step: Step): string {
  if (step.isRunning) return 'now'
  const parts = [step.ms === null ? formatClock(step.at) : formatDuration(step.ms)]
  if (step.costMicros > 0) parts.push(formatMoney(step.costMicros))
  return parts.join(' · ')
}

/** When, how long, tokens, money. */
export function detailsOf(step: Step): string {
  const parts = [formatClock(step.at)]
  if (step.ms !== null) parts.push(formatDuration(step.ms))
  if (step.tokens !== null) parts.push(`${formatCount(step.tokens)} tokens`)
  if (step.costMicros > 0) parts.push(formatMoney(step.costMicros))
  if (step.isBad) parts.push('failed')
  if (step.isRunning) parts.push('running')
  return parts.join(', ')
}

'use client'

import Link from 'next/link'
import { Button } from '../controls/button.tsx'
import { formatMoney } from '../format/money.ts'
import { shortBranches } from '../format/short-branches.ts'
import { withoutMarks } from '../format/without-marks.ts'
import { OutsideLink } from '../session/conversation/outside-link.tsx'
import { safeUrl } from '../session/conversation/safe-url.ts'
import { costRange, minuteRange } from './describe-range.ts'
import { taskStates } from './plan-states.ts'
import type { PlanTaskView } from './use-plans.ts'

interface TaskItemProps {
  task: PlanTaskView
  tasks: readonly PlanTaskView[]
  canEdit: boolean
  /** For approval, as long as it has none. */
  isChosen: boolean
  onChoose(isChosen: boolean): void
  onEdit(): void
  onStartAnyway(): void
}

/** One task: what it is, what it waits for, and where it is worked on. */
export function TaskItem({ task, tasks, canEdit, isChosen, onChoose, onEdit, onStartAnyway }: TaskItemProps) {
  const state = taskStates[task.state]
  const isDraft = task.state === 'draft'
  const id = `task-${task.key}`
  return (
    <li className="flex items-start gap-3 px-3 py-3">
      {canEdit && isDraft && (
        <input
          type="checkbox"
          aria-labelledby={id}
          checked={isChosen}
          onChange={({ target }) => onChoose(target.checked)}
          className="mt-0.5 size-4 shrink-0 accent-accent"
        />
      )}
      <div className="min-w-0 flex-1 space-y-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <h3 id={id} className="min-w-0 text-sm font-medium break-words max-sm:basis-full">
            {task.title}
          </h3>
          <span className="flex shrink-0 items-baseline gap-1 sm:ml-auto">
            <span className={`text-xs font-medium ${state.tone}`}>{state.name}</span>
            {canEdit && isDraft && (
              <Button size="sm" variant="ghost" className="-my-1 -mr-2" aria-label={`Change “${task.title}”`} onClick={onEdit}>
                Change
              </Button>
            )}
          </span>
        </div>
        <p className="text-sm break-words whitespace-pre-wrap text-muted">{task.description}</p>
        {task.files.length > 0 && <p className="font-mono text-xs break-words text-muted">{task.files.join(', ')}</p>}
        <p className="text-xs break-words text-muted">{factsOf(task, tasks).join(' · ')}</p>
        {task.waitsFor !== null && (
          <p className="line-clamp-3 text-xs break-words text-warning-text">{shortBranches(withoutMarks(task.waitsFor))}</p>
        )}
        {task.problem !== null && <p className="line-clamp-3 text-xs break-words text-danger-text">{withoutMarks(task.problem)}</p>}
        <Page page={task.page} />
        <div className="flex flex-wrap gap-2 empty:hidden">
          {task.sessionId !== null && (
            <Link
              href={`/sessions/${task.sessionId}`}
              prefetch={false}
              className="text-xs font-medium text-link underline underline-offset-2"
            >
              Open its session
            </Link>
          )}
          {canEdit && task.state === 'waiting' && waitsForOthers(task, tasks) && (
            <Button size="sm" aria-label={`Start “${task.title}” anyway`} onClick={onStartAnyway}>
              Start anyway
            </Button>
          )}
        </div>
      </div>
    </li>
  )
}

function factsOf(task: PlanTaskView, tasks: readonly PlanTaskView[]): string[] {
  return [
    task.size,
    minuteRange(task.minutes),
    costRange(task.cost),
    task.spentMicros === null ? null : `${formatMoney(task.spentMicros)} spent`,
    task.dependsOn.length === 0 ? null : `after ${titlesOf(task.dependsOn, tasks)}`,
  ].filter((part) => part !== null)
}

function Page({ page }: { page: PlanTaskView['page'] }) {
  if (page === null) return null
  if (page.problem !== null) return <p className="text-xs text-warning-text">Not written to Notion: {page.problem}</p>
  if (page.url === null || safeUrl(page.url) === null) return null
  return (
    <p className="text-xs">
      <OutsideLink href={page.url}>Row in Notion</OutsideLink>
    </p>
  )
}

function waitsForOthers({ dependsOn }: PlanTaskView, tasks: readonly PlanTaskView[]): boolean {
  return tasks.some(({ key, state }) => dependsOn.includes(key) && state !== 'in-review' && state !== 'done')
}

function titlesOf(keys: readonly string[], tasks: readonly PlanTaskView[]): string {
  return keys.map((key) => `“${tasks.find((task) => task.key === key)?.title ?? key}”`).join(', ')
}

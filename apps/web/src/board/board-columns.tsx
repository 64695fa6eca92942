'use client'

import { useEffect, useRef } from 'react'
import { plural } from '../format/count.ts'
import { useNow } from '../format/use-now.ts'
import { inWords, markOf, statuses, type StatusKind } from './feature-status.ts'
import { SessionLines } from './session-lines.tsx'
import { TrackerCard } from './tracker-card.tsx'
import type { Board, Feature } from './use-board.ts'

const MINUTE_MS = 60_000
const FIRST_TASKS = 8

interface Props {
  board: Board
  /** Brought into view and focused. */
  chosen: string | null
}

export function BoardColumns({ board, chosen }: Props) {
  const nowMs = useNow(MINUTE_MS)
  const titles = new Map(board.features.map(({ id, title }) => [id, title]))
  const done = new Set(board.features.filter(({ status }) => status === 'done').map(({ id }) => id))
  return (
    <>
      {board.features.length + board.trackerTasks.length > 0 && (
        <div className="grid gap-4 md:grid-cols-3">
          {statuses.map((kind) => {
            const features = board.features.filter(({ status }) => status === kind.status)
            const tasks = board.trackerTasks.filter(({ status }) => status === kind.status)
            return (
              <Column key={kind.status} kind={kind} count={features.length + tasks.length}>
                {features.map((feature) => (
                  <FeatureCard
                    key={feature.id}
                    feature={feature}
                    isChosen={feature.id === chosen}
                    missing={feature.needs.filter((need) => !done.has(need)).map((need) => titles.get(need) ?? need)}
                    nowMs={nowMs}
                  />
                ))}
                {tasks.map((task) => (
                  <TrackerCard key={task.id} task={task} />
                ))}
              </Column>
            )
          })}
        </div>
      )}
      {board.tasks.length > 0 && <Tasks board={board} nowMs={nowMs} />}
    </>
  )
}

function Column({
  kind: { icon: Icon, name, nothing, tone },
  count,
  children,
}: {
  kind: StatusKind
  count: number
  children: React.ReactNode
}) {
  return (
    <section aria-label={`${name}, ${count}`} className="min-w-0">
      <h2 className="mb-2 flex items-center gap-1.5 text-sm font-medium">
        <Icon aria-hidden className={`size-4 ${tone}`} strokeWidth={1.75} />
        {name}
        <span className="font-normal text-muted">{count}</span>
      </h2>
      {count === 0 ? (
        <p className="rounded-lg border border-dashed border-border px-3 py-4 text-xs text-muted">{nothing}</p>
      ) : (
        <ul className="space-y-2">{children}</ul>
      )}
    </section>
  )
}

function FeatureCard({ feature, isChosen, missing, nowMs }: { feature: Feature; isChosen: boolean; missing: string[]; nowMs: number }) {
  const card = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (isChosen) card.current?.focus()
  }, [isChosen])
  const { icon: Blocked, tone } = markOf(feature)
  return (
    <li
      ref={card}
      tabIndex={isChosen ? -1 : undefined}
      className={`overflow-hidden rounded-lg border bg-surface ${isChosen ? 'border-accent' : 'border-border'}`}
    >
      <div className="px-3 py-2.5">
        <h3 className="text-sm font-medium break-words">{feature.title}</h3>
        <p className="font-mono text-2xs break-all text-muted">[{feature.id}]</p>
        {feature.description !== '' && <p className="mt-1 line-clamp-3 text-xs break-words text-muted">{feature.description}</p>}
        {feature.isBlocked && (
          <p className={`mt-1.5 flex items-start gap-1.5 text-xs ${tone}`}>
            <Blocked aria-hidden className="mt-0.5 size-3.5 shrink-0" />
            <span className="min-w-0 break-words">Blocked: needs {inWords(missing)}</span>
          </p>
        )}
      </div>
      {feature.sessions.length > 0 && (
        <div className="border-t border-separator">
          <SessionLines sessions={feature.sessions} nowMs={nowMs} />
        </div>
      )}
    </li>
  )
}

function Tasks({ board: { tasks, features }, nowMs }: { board: Board; nowMs: number }) {
  return (
    <section aria-label="Tasks" className="mt-6">
      <h2 className="text-sm font-medium">
        Tasks <span className="font-normal text-muted">{tasks.length}</span>
      </h2>
      <p className="mt-0.5 mb-2 text-xs text-muted">
        {features.length === 0 ? 'Sessions in this repository.' : 'Sessions whose task names no feature.'}
      </p>
      <div className="overflow-hidden rounded-lg border border-border bg-surface">
        <SessionLines sessions={tasks.slice(0, FIRST_TASKS)} nowMs={nowMs} />
        {tasks.length > FIRST_TASKS && (
          <details className="border-t border-separator">
            <summary className="cursor-pointer px-3 py-2 text-xs text-muted hover:text-foreground">
              {plural(tasks.length - FIRST_TASKS, 'more session')}
            </summary>
            <SessionLines sessions={tasks.slice(FIRST_TASKS)} nowMs={nowMs} />
          </details>
        )}
      </div>
    </section>
  )
}

'use client'

import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { plural } from '../format/count.ts'
import { AskAnew } from './ask-anew.tsx'
import { describeRange } from './describe-range.ts'
import type { SectionProps } from './plan-page.tsx'
import { TaskEditor } from './task-editor.tsx'
import { TaskItem } from './task-item.tsx'
import { definitionsOf, freshTask, type TaskDefinition } from './task-definition.ts'

/** The tasks: changed, chosen, approved, and followed. */
export function TasksSection({ plan, canEdit, change }: SectionProps) {
  const [edited, setEdited] = useState<TaskDefinition | null>(null)
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const tasks = plan.tasks ?? []
  const drafts = tasks.filter(({ state }) => state === 'draft')
  const chosen = drafts.filter(({ key }) => !left.has(key)).map(({ key }) => key)
  const isStarted = drafts.length < tasks.length

  const saveTasks = (wanted: TaskDefinition[], onSuccess: () => void): void =>
    change.mutate({ kind: 'change', body: { version: plan.version, tasks: wanted } }, { onSuccess })
  const save = (task: TaskDefinition): void => {
    const others = definitionsOf(tasks)
    const isKnown = others.some(({ key }) => key === task.key)
    saveTasks(isKnown ? others.map((other) => (other.key === task.key ? task : other)) : [...others, task], () => setEdited(null))
  }
  const remove = (key: string): void =>
    saveTasks(
      definitionsOf(tasks)
        .filter((task) => task.key !== key)
        .map((task) => ({ ...task, dependsOn: task.dependsOn.filter((other) => other !== key) })),
      () => setEdited(null),
    )
  return (
    <section aria-labelledby="tasks">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 id="tasks" className="text-base font-medium">
          Tasks
        </h2>
        {tasks.length > 0 && <p className="text-xs text-muted">{describeRange(plan.estimate)}</p>}
        {canEdit && tasks.length > 0 && !isStarted && <AskAnew plan={plan} change={change} what="tasks" />}
      </div>
      {tasks.length === 0 ? (
        <div className="flex flex-wrap items-center gap-2 text-sm text-muted">
          <p>
            {plan.state === 'planning'
              ? 'The model cuts the work into tasks.'
              : 'Look at the requirements, then let the model cut the work into tasks.'}
          </p>
          {canEdit && (
            <>
              <Button
                variant="primary"
                size="sm"
                aria-busy={change.isPending}
                onClick={() => change.mutate({ kind: 'ask', body: { version: plan.version, for: 'tasks' } })}
              >
                Plan the tasks
              </Button>
              <Button size="sm" onClick={() => setEdited(freshTask([]))}>
                Write one yourself
              </Button>
            </>
          )}
        </div>
      ) : (
        <>
          <ul aria-label="Tasks" className="divide-y divide-separator overflow-hidden rounded-lg border border-border bg-surface">
            {tasks.map((task) => (
              <TaskItem
                key={task.key}
                task={task}
                tasks={tasks}
                canEdit={canEdit}
                isChosen={!left.has(task.key)}
                onChoose={(isChosen) =>
                  setLeft((before) => new Set(isChosen ? [...before].filter((key) => key !== task.key) : [...before, task.key]))
                }
                onEdit={() => setEdited(definitionsOf([task])[0] ?? null)}
                onStartAnyway={() =>
                  change.mutate({ kind: 'approve', body: { version: plan.version, tasks: [task.key], startAnyway: true } })
                }
              />
            ))}
          </ul>
          {canEdit && (
            <div className="mt-3 flex flex-wrap items-center gap-2">
              {drafts.length > 0 && (
                <Button
                  variant="primary"
                  size="sm"
                  disabled={chosen.length === 0}
                  aria-busy={change.isPending}
                  onClick={() => change.mutate({ kind: 'approve', body: { version: plan.version, tasks: chosen } })}
                >
                  {chosen.length === 0 ? 'Approve' : `Approve ${plural(chosen.length, 'task')}`}
                </Button>
              )}
              <Button size="sm" onClick={() => setEdited(freshTask(tasks))}>
                <Plus aria-hidden />
                Add a task
              </Button>
              {drafts.length > 0 && (
                <p className="text-xs text-muted">An approved task starts when those that it depends on are done or in review.</p>
              )}
            </div>
          )}
        </>
      )}
      {edited !== null && (
        <TaskEditor
          key={edited.key}
          task={edited}
          others={definitionsOf(tasks).filter(({ key }) => key !== edited.key)}
          change={change}
          onSave={save}
          onRemove={tasks.length > 1 && tasks.some(({ key }) => key === edited.key) ? () => remove(edited.key) : null}
          onClose={() => setEdited(null)}
        />
      )}
    </section>
  )
}

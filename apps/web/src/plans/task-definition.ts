// A task without what became of it: what people change, and what is sent.

import type { PlanTaskView } from './use-plans.ts'

export type TaskDefinition = Pick<PlanTaskView, 'key' | 'title' | 'description' | 'files' | 'dependsOn' | 'size' | 'minutes'>

export function definitionsOf(tasks: readonly PlanTaskView[]): TaskDefinition[] {
  return tasks.map(({ key, title, description, files, dependsOn, size, minutes }) => ({
    key,
    title,
    description,
    files,
    dependsOn,
    size,
    minutes,
  }))
}

/** A new one under the first free key. */
export function freshTask(tasks: readonly Pick<PlanTaskView, 'key'>[]): TaskDefinition {
  const keys = new Set(tasks.map(({ key }) => key))
  let number = tasks.length + 1
  while (keys.has(`t${number}`)) number += 1
  return { key: `t${number}`, title: '', description: '', files: [], dependsOn: [], size: 'small', minutes: { low: 5, high: 20 } }
}

// A plan for people at a terminal.

import type { Plan, PlanTaskView } from '@slipway/server/contract/plan-routes'
import type { Terminal } from '../terminal.ts'
import { oneLine, plain } from './plain-text.ts'

export function printPlan(terminal: Terminal, plan: Plan, money: (micros: number) => string): void {
  const { style } = terminal
  terminal.print(`${plan.id}  ${style.bold(oneLine(plan.title, 100))}  ${plan.state}`)
  if (plan.problem !== null) terminal.print(style.warn(oneLine(plan.problem, 400)))
  terminal.print(`Repository: ${repositoryOf(plan)}`)
  if (plan.deployment !== null) terminal.print(`Deployment: ${deploymentOf(plan, plan.deployment)}`)
  const { requirements } = plan
  if (requirements !== null) {
    terminal.print(`\n${plain(requirements.goal)}`)
    const lists: [string, string[]][] = [
      ['In scope', requirements.scope.included],
      ['Out of scope', requirements.scope.excluded],
      ['Acceptance criteria', requirements.acceptanceCriteria],
      ['Constraints', requirements.constraints],
      ['Open questions', requirements.openQuestions],
    ]
    for (const [name, items] of lists)
      if (items.length > 0) terminal.print([`${name}:`, ...items.map((item) => `  - ${oneLine(item, 300)}`)].join('\n'))
  }
  if (plan.tasks !== null) {
    const { lowMinutes, highMinutes, lowMicros, highMicros } = plan.estimate
    const cost = lowMicros === null || highMicros === null ? 'cost not known' : `${money(lowMicros)} to ${money(highMicros)}`
    terminal.print(`\nTasks (estimate: ${lowMinutes} to ${highMinutes} minutes, ${cost}):`)
    for (const task of plan.tasks) printTask(terminal, task)
  }
  terminal.print(`\nThe model so far: ${plan.cost.calls} calls, ${money(plan.cost.micros)}`)
  const next = nextOf(plan)
  if (next !== null) terminal.print(`Next: ${next}`)
}

function printTask({ print, style }: Terminal, task: PlanTaskView): void {
  print(`  ${task.key.padEnd(4)} ${style.bold(oneLine(task.title, 80))}  ${task.state}`)
  const facts = [
    task.files.length === 0 ? '' : `files: ${oneLine(task.files.join(', '), 200)}`,
    task.dependsOn.length === 0 ? '' : `after: ${task.dependsOn.join(', ')}`,
    task.sessionId === null ? '' : `session: ${task.sessionId}`,
    task.page?.url ? `Notion: ${task.page.url}` : '',
    task.page?.problem ? `Notion: ${oneLine(task.page.problem, 200)}` : '',
    task.waitsFor === null ? '' : `waits: ${oneLine(task.waitsFor, 300)}`,
    task.problem === null ? '' : `because: ${oneLine(task.problem, 300)}`,
  ]
  for (const fact of facts) if (fact !== '') print(`       ${fact}`)
}

function repositoryOf({ request, newRepository }: Plan): string {
  if (newRepository === null) return request.repository ?? 'none yet'
  const problem = newRepository.problem === null ? '' : `: ${oneLine(newRepository.problem, 300)}`
  return `${oneLine(newRepository.effect.title, 200)} (${newRepository.state}${problem})`
}

function deploymentOf({ id }: Plan, { project, state, problem }: NonNullable<Plan['deployment']>): string {
  switch (state) {
    case 'linked':
      return `by the project ${oneLine(project, 100)} at Vercel`
    case 'making':
      return `the project ${oneLine(project, 100)} at Vercel is being made`
    case 'proposed':
    case 'failed':
      return `${problem === null ? `the project ${oneLine(project, 100)} at Vercel is not made yet` : oneLine(problem, 400)} (slipway plan deployment ${id})`
  }
}

/** The command that goes on from here; null: nothing has to be done. */
function nextOf({ id, state, requirements, request, newRepository }: Plan): string | null {
  switch (state) {
    case 'read':
      return `slipway plan tasks ${id}`
    case 'planned':
      return request.repository === null && newRepository === null
        ? `slipway plan repository ${id} --forge github --name <name>`
        : `slipway plan approve ${id}`
    case 'failed':
      return `slipway plan tasks ${id}${requirements === null ? ' --requirements' : ''}`
    case 'reading':
    case 'planning':
    case 'approved':
      return `slipway plan show ${id}`
    case 'done':
    case 'dropped':
      return null
  }
}

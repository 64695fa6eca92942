// Which step of a script answers a request. Decided from the request alone, so that a worker that takes over goes on at the right place.

import type { RoleName } from '@slipway/core/events'
import type { Script, ScriptStep } from './script.ts'

export interface StepQuestion {
  role: RoleName
  /** Calls of this conversation answered before. */
  ordinal: number
  /** Results of the last tool message, if the request ends with one. */
  lastResults: { ok: boolean; output: string }[]
  /** The latest text of a person or of the product. */
  lastText: string
}

/** Plan and code are one conversation: the plan's steps come first. A script without steps for a helper's role gets a plain answer. */
export function chooseStep(script: Script, question: StepQuestion): ScriptStep {
  const steps = stepsFor(script, question.role)
  if (steps === null) return says(defaultText(question, script))
  const found = steps[question.ordinal]
  if (found !== undefined)
    return found.when === undefined || holds(found.when, question)
      ? found
      : (found.else ?? says(`Nothing to do in step ${question.ordinal + 1}.`))
  const last = steps.at(-1)
  if ((question.role === 'explore' || question.role === 'summarise' || question.role === 'title') && last) return last
  return says(`The script “${script.name}” ends here: it has ${steps.length} steps, and this is call ${question.ordinal + 1}.`)
}

function stepsFor(script: Script, role: RoleName): ScriptStep[] | null {
  if (role === 'plan' || role === 'code') return script.steps ?? [...(script.roles.plan ?? []), ...(script.roles.code ?? [])]
  return script.roles[role] ?? null
}

function holds(when: NonNullable<ScriptStep['when']>, question: StepQuestion): boolean {
  const failed = question.lastResults.some((result) => !result.ok)
  if (when.last_tool_failed !== undefined && when.last_tool_failed !== failed) return false
  return (
    when.last_output_contains === undefined ||
    question.lastResults.some((result) => result.output.includes(when.last_output_contains ?? ''))
  )
}

function defaultText(question: StepQuestion, script: Script): string {
  switch (question.role) {
    case 'title':
      return question.lastText.replace(/\s+/g, ' ').trim().split(' ').slice(0, 8).join(' ') || script.name
    case 'summarise':
      return `Summary by the script “${script.name}”, which has no words for this: the work went on as shown above.`
    case 'explore':
    case 'plan':
    case 'code':
      return `The script “${script.name}” has no answer for the role ${question.role}.`
  }
}

function says(text: string): ScriptStep {
  return { text, tool_calls: [] }
}

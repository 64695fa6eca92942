// A question to a person: what exactly would happen, and how to answer it.

import type { EffectDescription } from '@slipway/core/effects'
import type { HumanAsked } from '@slipway/core/events'
import { oneLine, wrap } from './plain-text.ts'
import type { Style } from './style.ts'

/** The card of a question, with the commands that answer it from any other terminal. */
export function renderAsk(sessionId: string, ask: HumanAsked, style: Style): string[] {
  return [...renderQuestion(ask, style), ...howToAnswer(sessionId, ask).map((line) => style.dim(`    ${line}`)), '']
}

/** The card alone, for somebody who is answering it already. */
export function renderQuestion(ask: HumanAsked, style: Style): string[] {
  const title = {
    plan: 'Approve the plan?',
    approval: 'Approve this?',
    question: 'The agent asks',
    budget: 'The budget is used up',
    continue: 'Go on?',
  }[ask.kind]
  return ['', `  ${style.warn('?')} ${style.bold(title)}`, ...body(ask, style)]
}

/** Commands that answer the question. */
export function howToAnswer(sessionId: string, ask: Pick<HumanAsked, 'kind'>): string[] {
  if (ask.kind === 'question') return [`slipway answer ${sessionId} "<your answer>"`]
  if (ask.kind === 'budget') return [`slipway answer ${sessionId} approve --budget <usd>`, `slipway answer ${sessionId} reject`]
  return [`slipway answer ${sessionId} approve`, `slipway answer ${sessionId} reject "<why>"`]
}

function body(ask: HumanAsked, style: Style): string[] {
  const lines = wrap(ask.question, style.width - 4).map((line) => `    ${line}`)
  // Elsewhere the options are the words of the commands below.
  if (ask.kind === 'question') for (const option of ask.options) lines.push(`    - ${oneLine(option, style.width - 6)}`)
  if (ask.effect === null) return lines
  if (ask.effect.title !== ask.question) lines.push(`    ${style.bold(oneLine(ask.effect.title, style.width - 4))}`)
  return [...lines, ...renderEffect(ask.effect, style)]
}

/** What exactly would happen, below its title. */
export function renderEffect({ details, reason, reversible }: Omit<EffectDescription, 'kind'>, style: Style): string[] {
  const lines: string[] = []
  for (const [name, value] of details) {
    const [first = '', ...rest] = wrap(value, style.width - 20)
    lines.push(`      ${style.dim(oneLine(name, 13).padEnd(13))} ${first}`, ...rest.map((line) => `${' '.repeat(20)}${line}`))
  }
  return [
    ...lines,
    `      ${style.dim('why'.padEnd(13))} ${oneLine(reason, style.width - 20)}`,
    `      ${style.dim('undo'.padEnd(13))} ${oneLine(reversible, style.width - 20)}`,
  ]
}

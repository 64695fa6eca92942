// slipway say, answer, stop: what people tell a session that somebody else drives.

import { loadSession } from '@slipway/server/actions/access'
import { answer as sendAnswer, say as sendMessage, stop as sendStop } from '@slipway/server/actions/people'
import { asLocal } from '@slipway/server/auth/ports-for'
import { answerQuestion, sendMessage as sendMessageRoute } from '@slipway/server/contract/session-routes'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { checkInput } from '../check-input.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { renderQuestion } from '../render/render-ask.ts'
import { findSession } from '../session/find-session.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

export function say(id: string, text: string, options: { queue?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const { text: said } = checkInput(sendMessageRoute.body, { text }, { text: 'What you say' })
    const sessionId = await findSession(runtime, id)
    await sendMessage(asLocal(runtime.ports), { sessionId, text: said, mode: options.queue ? 'queue' : 'steer', wake: 'now' })
    terminal.print(`Said. ${whoGoesOn(sessionId)}`)
    return exitCodes.asAsked
  })
}

export interface AnswerOptions {
  budget?: number
  /** Refuses when the open question is another one. */
  ask?: string
}

/** The first word decides: approve or reject, with a reason after it; anything else answers a question. */
export function answer(id: string, words: string[], options: AnswerOptions): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const sessionId = await findSession(runtime, id)
    const { ask } = (await loadSession(asLocal(runtime.ports), sessionId)).state
    if (ask === null) throw new SlipwayError('conflict', 'This session asks nothing now. `slipway show` tells what it is doing.')
    if (options.ask !== undefined && options.ask !== ask.askId)
      throw new SlipwayError('conflict', 'The open question is another one by now. Look with `slipway show`, then answer that.')
    for (const line of renderQuestion(ask, terminal.style)) terminal.print(line)
    const [first = '', ...rest] = words
    const isRuling = /^(approve|reject)$/.test(first)
    const decision = isRuling ? (first as 'approve' | 'reject') : 'answer'
    const text = (isRuling ? rest : words).join(' ')
    const given = { askId: ask.askId, decision, text, budgetUsd: options.budget ?? null }
    const { budgetUsd } = checkInput(answerQuestion.body, given, { text: 'The answer', budgetUsd: '--budget' })
    if (decision === 'answer' && text.trim() === '') throw new SlipwayError('usage', 'The answer is empty. Type it after the session.')
    await sendAnswer(asLocal(runtime.ports), {
      sessionId,
      askId: ask.askId,
      decision,
      text,
      effectHash: ask.effect?.hash ?? null,
      budgetMicros: budgetUsd === null ? null : Math.round(budgetUsd * 1_000_000),
      wake: 'now',
    })
    terminal.print(`Answered. ${whoGoesOn(sessionId)}`)
    return exitCodes.asAsked
  })
}

export function stop(id: string): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const sessionId = await findSession(runtime, id)
    const seq = await sendStop(asLocal(runtime.ports), { sessionId, reason: 'Stopped by a person.', wake: 'now' })
    terminal.print(
      seq === null ? 'It had ended or was being stopped already.' : `Stopping. The work stays; go on with: slipway resume ${sessionId}`,
    )
    return exitCodes.asAsked
  })
}

function whoGoesOn(sessionId: string): string {
  return `A running server or worker goes on at once; without one: slipway resume ${sessionId}`
}

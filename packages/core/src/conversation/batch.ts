// The tool calls of one answer. Their results become one message, and only when every call has an outcome.

import type { ModelResponded, SessionEvent, ToolFinished } from '../events.ts'
import { stableOutcome } from '../guards/stable-outcome.ts'
import type { SessionState, ToolCall } from '../state.ts'

const cutOff = 'The answer was cut at its length limit before this call was complete. Nothing was run. Send it again, in smaller pieces.'

/** The calls of an answer, none of them settled. */
export function batchOf(body: ModelResponded): ToolCall[] {
  return body.content.flatMap((part) => {
    if (part.type !== 'tool-call') return []
    const invalid = body.finish === 'length' ? cutOff : (part.invalid ?? null)
    return [
      {
        callId: part.callId,
        tool: part.tool,
        input: part.input,
        invalid,
        ruling: null,
        approval: 'none' as const,
        answerText: '',
        starts: 0,
        finished: null,
      },
    ]
  })
}

/** Records a call's outcome; the last one turns the batch into a transcript item. */
export function settleCall(state: SessionState, event: SessionEvent, body: ToolFinished): SessionState {
  const batch = state.batch.map((call) => (call.callId === body.callId ? { ...call, finished: body } : call))
  const isRefusedFinish = body.problem === 'failed' && batch.some((call) => call.callId === body.callId && call.tool === 'finish')
  const turn = isRefusedFinish ? { ...state.turn, finishRefusals: state.turn.finishRefusals + 1 } : state.turn
  const isFailedPublish = !body.ok && batch.some((call) => call.callId === body.callId && call.tool === 'publish')
  const work = isFailedPublish && state.work.verification?.result !== 'passed' ? { ...state.work, isVerificationStale: true } : state.work
  if (batch.some((call) => !call.finished)) return { ...state, batch, turn, work }
  const results = batch.map(({ callId, tool, finished }) => ({
    callId,
    tool,
    ok: finished?.ok ?? false,
    output: finished?.output ?? '',
    isPruned: false,
  }))
  return { ...state, batch: [], turn, work, transcript: [...state.transcript, { kind: 'results', seq: event.seq, results }] }
}

/** Two calls with the same key had the same outcome, as far as a loop is concerned. */
export function outcomeKeyOf(body: ToolFinished): string {
  return `${body.ok} ${body.changed} ${stableOutcome(body.output)}`
}

/** Tools that only talk to people or to the session itself; they cannot loop by themselves. */
export function isInteractionOnly(tool: string): boolean {
  return tool === 'ask_human' || tool === 'finish'
}

// A model double in a process of its own, so that its work is not counted as the product's. It answers at once and keeps time.

import type { DoubleReply, DoubleRequest } from '../../e2e/doubles/models/brain.ts'
import { startModelDouble } from '../../e2e/doubles/models/server.ts'
import type { Asked, Play } from './model-process.ts'

let play: Play = { toolCalls: 0, words: 0, paceMs: 0 }
let asked: Asked[] = []
let bodies: string[] = []

// No two alike: an answer that repeats itself without end is cut off.
const tokens = (count: number): string => Array.from({ length: count }, (_, index) => `w${index.toString(36).padStart(4, '0')} `).join('')

function answer(request: DoubleRequest): DoubleReply {
  asked.push({
    atMs: performance.timeOrigin + performance.now(),
    bytes: request.rawBody.length,
    turns: request.assistantTurns,
    isPrefixKept: true,
  })
  bodies.push(request.rawBody)
  const text = play.words > 0 ? tokens(play.words) : ''
  const pace = play.paceMs > 0 ? { paceMs: play.paceMs } : {}
  if (request.assistantTurns >= play.toolCalls) return { text: `${text}Nothing is left to do.`, ...pace }
  return { text, toolCalls: [{ name: 'bash', input: { command: `true ${request.assistantTurns}` } }], ...pace }
}

/** Whether everything of the request before that a provider would cache is at the beginning of this one. */
function keepsPrefix(body: string, index: number): boolean {
  const before = bodies[index - 1]
  if (before === undefined) return true
  const [old, now] = [before, body].map(
    (raw) => JSON.parse(raw) as { tools?: unknown; system?: unknown; messages: Record<string, unknown>[] },
  )
  if (!old || !now) return true
  const head = ({ tools, system }: typeof old): string => withoutMarkers({ tools, system })
  const messages = ({ messages }: typeof old): string[] => messages.map(withoutMarkers)
  return head(old) === head(now) && messages(old).every((message, index) => message === messages(now)[index])
}

/** Judged when it is asked for, so that it takes no time from what is measured. */
function judged(): Asked[] {
  return asked.map((each, index) => ({ ...each, isPrefixKept: keepsPrefix(bodies[index] ?? '', index) }))
}

/** Cache markers are no part of what the model reads. */
function withoutMarkers(value: unknown): string {
  return JSON.stringify(value, (key, inner: unknown) => (key === 'cache_control' ? undefined : inner))
}

const double = await startModelDouble({ api: 'anthropic', brain: answer })
process.on('message', (message: { kind: 'play'; play: Play } | { kind: 'forget' | 'facts' }) => {
  if (message.kind === 'play') play = message.play
  if (message.kind === 'forget') {
    asked = []
    bodies = []
  }
  process.send?.({ asked: message.kind === 'facts' ? judged() : [] })
})
process.on('disconnect', () => process.exit())
process.send?.({ url: double.url, key: double.key })

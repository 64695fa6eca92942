// Everything that a provider may do wrong, and what has to come of it. The proof plays each row on every provider's wire,
// and docs/model-failures.md is made from the same rows.

import type { FailureKind } from '@slipway/core/errors/failure'
import type { ModelDeadlines } from '@slipway/agent/model/settings'
import type { DoubleFault, DoubleReply, ModelApi } from '../doubles/models/brain.ts'

type Course =
  /** Once: the next attempt succeeds. Always: five attempts, then parked. */
  | { slipway: 'tries again'; kind: FailureKind; waitsMs?: number }
  /** A person is needed; nobody tries again. */
  | { slipway: 'parks'; kind: FailureKind }
  /** The conversation is summarised once and sent again; a second time parks. */
  | { slipway: 'summarises' }
  /** The model reads what was wrong; the fifth time in a row parks. */
  | { slipway: 'tells the model'; text: RegExp }
  /** The model is asked to go on; the second time in a row parks. */
  | { slipway: 'asks to go on' }
  | { slipway: 'parks as declined' }

export interface FaultRow {
  group: 'refused before an answer' | 'connection' | 'stream' | 'answer'
  /** What the provider does. */
  does: string
  reply(api: ModelApi): DoubleReply
  course: Course
  /** Wires on which it cannot happen, and why. */
  notOn?: Partial<Record<ModelApi, string>>
  /** The real ones are minutes. They count only while the provider is ill. */
  deadlines?: Partial<ModelDeadlines>
}

const text = 'I look at the code first, then I decide what to change.'
const broken =
  (fault: DoubleFault): (() => DoubleReply) =>
  () => ({ text, fault })
const tries = (kind: FailureKind): Course => ({ slipway: 'tries again', kind })
const parks = (kind: FailureKind): Course => ({ slipway: 'parks', kind })
const shortSilence: Partial<ModelDeadlines> = { firstChunkMs: 200, betweenChunksMs: 200 }
const withoutWish = JSON.stringify({ error: { code: 429, message: 'Resource has been exhausted.', status: 'RESOURCE_EXHAUSTED' } })
const page = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>'
const cutCall = { name: 'bash', input: { command: 'npm test' } }
const parsesArguments = 'the server parses arguments itself'

export const rows: FaultRow[] = [
  { group: 'refused before an answer', does: '408', reply: broken({ status: 408, message: 'Request timeout' }), course: tries('server') },
  { group: 'refused before an answer', does: '409', reply: broken({ status: 409, message: 'Conflict' }), course: tries('server') },
  {
    group: 'refused before an answer',
    does: '429 that does not say when to come back',
    reply: (api) => ({ fault: { status: 429, ...(api === 'google' ? { body: withoutWish } : {}) } }),
    course: tries('rate-limit'),
  },
  {
    group: 'refused before an answer',
    does: '429 with `Retry-After: 7`',
    reply: broken({ status: 429, retryAfterSeconds: 7 }),
    course: { slipway: 'tries again', kind: 'rate-limit', waitsMs: 7_000 },
  },
  {
    group: 'refused before an answer',
    does: '429 with `Retry-After: 3600`',
    reply: broken({ status: 429, retryAfterSeconds: 3600 }),
    course: parks('rate-limit'),
  },
  { group: 'refused before an answer', does: '500', reply: broken({ status: 500 }), course: tries('server') },
  {
    group: 'refused before an answer',
    does: '502 with a page of a proxy',
    reply: broken({ status: 502, body: page }),
    course: tries('server'),
  },
  { group: 'refused before an answer', does: '503', reply: broken({ status: 503 }), course: tries('overloaded') },
  { group: 'refused before an answer', does: '529', reply: broken({ status: 529, message: 'No capacity' }), course: tries('overloaded') },
  {
    group: 'refused before an answer',
    does: 'prompt too long, in its own words',
    reply: broken({ overflow: true }),
    course: { slipway: 'summarises' },
  },
  {
    group: 'refused before an answer',
    does: '401, key not accepted',
    reply: broken({ status: 401, message: 'invalid x-api-key' }),
    course: parks('auth'),
  },
  {
    group: 'refused before an answer',
    does: '402, or words of an empty account',
    reply: broken({ status: 402, message: 'Your credit balance is too low.' }),
    course: parks('quota'),
  },
  {
    group: 'refused before an answer',
    does: '400 for another reason',
    reply: broken({ status: 400, message: 'Unknown parameter: temperature_' }),
    course: parks('rejected'),
  },
  {
    group: 'refused before an answer',
    does: '307 to another address',
    reply: broken({ status: 307, headers: { location: 'http://127.0.0.1:9/' } }),
    course: parks('rejected'),
  },

  { group: 'connection', does: 'connection reset before an answer', reply: broken({ reset: true }), course: tries('network') },
  {
    group: 'connection',
    does: 'no answer at all for 120 s',
    reply: broken({ stall: true }),
    course: tries('stalled'),
    deadlines: shortSilence,
  },
  {
    group: 'connection',
    does: 'the head of an answer, then nothing for 90 s',
    reply: broken({ stallAfter: 0 }),
    course: tries('stalled'),
    deadlines: shortSilence,
  },

  {
    group: 'stream',
    does: 'silence for 90 s in the middle',
    reply: broken({ stallAfter: 20 }),
    course: tries('stalled'),
    deadlines: shortSilence,
  },
  {
    group: 'stream',
    does: 'an answer that trickles on for 30 minutes',
    reply: () => ({ text: 'word by word '.repeat(100), paceMs: 25 }),
    course: tries('stalled'),
    deadlines: { callMs: 200 },
  },
  {
    group: 'stream',
    does: 'the stream ends without its last mark',
    reply: broken({ cutAfter: { characters: 20, clean: true } }),
    course: tries('cut'),
  },
  {
    group: 'stream',
    does: 'the stream ends after a tool call, without its last mark',
    reply: () => ({ toolCalls: [cutCall], fault: { cutAfter: { characters: JSON.stringify(cutCall.input).length, clean: true } } }),
    course: tries('cut'),
  },
  {
    group: 'stream',
    does: 'connection reset in the middle',
    reply: broken({ cutAfter: { characters: 20, clean: false } }),
    course: tries('cut'),
  },
  {
    group: 'stream',
    does: 'an error inside the stream',
    reply: broken({ errorAfter: { characters: 20, status: 500, message: 'An internal error has occurred.' } }),
    course: tries('server'),
  },
  {
    group: 'stream',
    does: 'status 200 with a page of a proxy',
    reply: broken({ status: 200, body: page }),
    course: tries('cut'),
  },

  {
    group: 'answer',
    does: 'arguments that are not JSON',
    reply: () => ({ toolCalls: [{ name: 'bash', rawInput: '{"command": "ls' }] }),
    course: { slipway: 'tells the model', text: /not valid JSON/ },
    notOn: { google: parsesArguments, ollama: parsesArguments },
  },
  {
    group: 'answer',
    does: 'arguments of the wrong shape',
    reply: () => ({ toolCalls: [{ name: 'read_file', input: { path: ['a', 'b'] } }] }),
    course: { slipway: 'tells the model', text: /path/ },
  },
  {
    group: 'answer',
    does: 'a tool that does not exist',
    reply: () => ({ toolCalls: [{ name: 'format_disk', input: {} }] }),
    course: { slipway: 'tells the model', text: /There is no tool named/ },
  },
  {
    group: 'answer',
    does: 'Gemini’s `MALFORMED_FUNCTION_CALL`',
    reply: () => ({ toolCalls: [{ name: 'bash', rawInput: '{' }] }),
    course: tries('cut'),
    notOn: { anthropic: 'Gemini’s own', 'openai-responses': 'Gemini’s own', 'openai-chat': 'Gemini’s own', ollama: 'Gemini’s own' },
  },
  {
    group: 'answer',
    does: 'refusal, or a content filter',
    reply: () => ({ text: 'I cannot help with that.', finish: 'refusal' }),
    course: { slipway: 'parks as declined' },
    notOn: { ollama: 'has no such mark' },
  },
  {
    group: 'answer',
    does: 'text cut at the output limit',
    reply: () => ({ text, finish: 'length' }),
    course: { slipway: 'asks to go on' },
  },
  {
    group: 'answer',
    does: 'nothing but thoughts up to the output limit',
    reply: () => ({ reasoning: text, finish: 'length' }),
    course: { slipway: 'asks to go on' },
  },
  {
    group: 'answer',
    does: 'a tool call cut at the output limit',
    reply: () => ({ toolCalls: [{ name: 'write_file', input: { path: 'a.txt', content: 'half of it' } }], finish: 'length' }),
    course: { slipway: 'tells the model', text: /cut at its length limit/ },
    notOn: { ollama: 'sends a call only when it is whole' },
  },
  { group: 'answer', does: 'a complete answer with nothing in it', reply: () => ({}), course: tries('empty') },
  { group: 'answer', does: 'nothing but thoughts', reply: () => ({ reasoning: text }), course: tries('empty') },
  {
    group: 'answer',
    does: 'the same words again and again',
    reply: () => ({ text: 'Let me run the tests now. '.repeat(160) }),
    course: tries('repeating'),
  },
  {
    group: 'answer',
    does: 'the same thought again and again',
    reply: () => ({ reasoning: 'The the the the '.repeat(260) }),
    course: tries('repeating'),
  },
]

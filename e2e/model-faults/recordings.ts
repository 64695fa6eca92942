// Streams with the oddities of the real ones, written by hand and short: what each provider has been seen to send, line by line.

import type { AssistantPart, Finish, Usage } from '@slipway/core/events'
import type { ModelApi } from '../doubles/models/brain.ts'
import { sign } from '../doubles/models/wire.ts'

export interface Recording {
  name: string
  api: ModelApi
  lines: Record<string, unknown>[]
  /** Null: it must count as broken off. */
  answer: { parts: [AssistantPart['type'], unknown][]; finish: Finish } | null
  usage: Partial<Usage>
  /** Must stand in the next request as it is. */
  goesBack?: string[]
}

// ── Anthropic ────────────────────────────────────────────────────────────────────────────────

const begin = (id: string, usage: object) => ({
  type: 'message_start',
  message: { id, type: 'message', role: 'assistant', model: 'claude', content: [], stop_reason: null, stop_sequence: null, usage },
})
const block = (index: number, content_block: object, ...deltas: object[]) => [
  { type: 'content_block_start', index, content_block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
]
const say = (text: string) => ({ type: 'text_delta', text })
const end = (stop_reason: string, usage: object, more: object = {}) => [
  { type: 'message_delta', delta: { stop_reason, stop_sequence: null, ...more }, usage },
  { type: 'message_stop' },
]

const anthropic: Recording[] = [
  {
    name: 'the input is counted again at the end',
    api: 'anthropic',
    lines: [
      begin('m1', { input_tokens: 40, output_tokens: 1 }),
      ...block(0, { type: 'text', text: '' }, say('po'), say('ng')),
      ...end('end_turn', { input_tokens: 58, output_tokens: 2 }),
    ],
    answer: { parts: [['text', 'pong']], finish: 'stop' },
    usage: { inputTokens: 58, outputTokens: 2 },
  },
  {
    name: 'the same start twice',
    api: 'anthropic',
    lines: [
      begin('m1', { input_tokens: 17, output_tokens: 1 }),
      begin('m1', { input_tokens: 17, output_tokens: 1 }),
      ...block(0, { type: 'text', text: '' }, say('once')),
      ...end('end_turn', { output_tokens: 9 }),
    ],
    answer: { parts: [['text', 'once']], finish: 'stop' },
    usage: { inputTokens: 17, outputTokens: 9 },
  },
  {
    name: 'another answer begins inside this one',
    api: 'anthropic',
    lines: [
      begin('m1', { input_tokens: 17, output_tokens: 1 }),
      { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'toolu_a1b2c3d4', name: 'bash', input: {} } },
      { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"command": "rm' } },
      begin('m2', { input_tokens: 17, output_tokens: 1 }),
      ...block(0, { type: 'text', text: '' }, say('fine')),
      ...end('end_turn', { output_tokens: 9 }),
    ],
    answer: null,
    usage: { inputTokens: 17 },
  },
  {
    name: 'a call without arguments, and a kind of block that nobody asked for',
    api: 'anthropic',
    lines: [
      begin('m1', { input_tokens: 30, output_tokens: 1 }),
      ...block(0, { type: 'fallback', from: { model: 'a' }, to: { model: 'b' } }),
      { type: 'ping' },
      ...block(
        1,
        { type: 'tool_use', id: 'toolu_e5f6a7b8', name: 'list_files', input: {} },
        { type: 'input_json_delta', partial_json: '' },
      ),
      ...end('tool_use', { output_tokens: 12 }),
    ],
    answer: { parts: [['tool-call', {}]], finish: 'tool-calls' },
    usage: { inputTokens: 30, outputTokens: 12 },
  },
  {
    name: 'thoughts that are not shown, only signed, and some that are sealed',
    api: 'anthropic',
    lines: [
      begin('m1', { input_tokens: 5, cache_read_input_tokens: 300, cache_creation_input_tokens: 20, output_tokens: 1 }),
      ...block(0, { type: 'thinking', thinking: '', signature: '' }, { type: 'signature_delta', signature: 'sig-0-0' }),
      ...block(1, { type: 'redacted_thinking', data: 'c2VhbGVk' }),
      ...block(
        2,
        { type: 'tool_use', id: 'toolu_c9d0e1f2', name: 'bash', input: {} },
        { type: 'input_json_delta', partial_json: '{"command":"ls"}' },
      ),
      ...end('tool_use', { output_tokens: 40 }),
    ],
    answer: {
      parts: [
        ['reasoning', ''],
        ['reasoning', ''],
        ['tool-call', { command: 'ls' }],
      ],
      finish: 'tool-calls',
    },
    usage: { inputTokens: 325, cacheReadTokens: 300, cacheWriteTokens: 20, outputTokens: 40 },
    goesBack: ['"sig-0-0"', '"c2VhbGVk"'],
  },
  {
    name: 'a refusal without a word',
    api: 'anthropic',
    lines: [
      begin('m1', { input_tokens: 18, output_tokens: 1 }),
      ...end(
        'refusal',
        { input_tokens: 18, output_tokens: 5 },
        { stop_details: { type: 'refusal', category: 'cyber', explanation: 'Blocked.' } },
      ),
    ],
    answer: { parts: [], finish: 'refusal' },
    usage: { inputTokens: 18, outputTokens: 5 },
  },
]

// ── Gemini ───────────────────────────────────────────────────────────────────────────────────

const piece = (parts: object[], usageMetadata: object, finishReason?: string) => ({
  candidates: [{ content: { role: 'model', parts }, index: 0, ...(finishReason === undefined ? {} : { finishReason }) }],
  usageMetadata,
  modelVersion: 'gemini',
})

const google: Recording[] = [
  {
    name: 'the usage only in the last piece, three calls side by side, the first of them signed',
    api: 'google',
    lines: [
      piece([{ text: 'I plan.', thought: true }], { trafficType: 'ON_DEMAND' }),
      piece([{ functionCall: { name: 'list_files', args: {} }, thoughtSignature: sign('{}') }], { trafficType: 'ON_DEMAND' }),
      piece([{ functionCall: { name: 'read_file', args: { path: 'A' } } }, { functionCall: { name: 'read_file', args: { path: 'B' } } }], {
        trafficType: 'ON_DEMAND',
      }),
      piece([{ text: '' }], { promptTokenCount: 249, candidatesTokenCount: 58, thoughtsTokenCount: 183, totalTokenCount: 490 }, 'STOP'),
    ],
    answer: {
      parts: [
        ['reasoning', 'I plan.'],
        ['tool-call', {}],
        ['tool-call', { path: 'A' }],
        ['tool-call', { path: 'B' }],
      ],
      finish: 'tool-calls',
    },
    usage: { inputTokens: 249, outputTokens: 241, reasoningTokens: 183 },
    goesBack: [sign('{}')],
  },
  {
    name: 'the signature on an empty text at the end, and the usage in every piece',
    api: 'google',
    lines: [
      piece([{ text: 'There are ' }], { promptTokenCount: 9, candidatesTokenCount: 3, thoughtsTokenCount: 60, totalTokenCount: 72 }),
      piece([{ text: 'three.' }], { promptTokenCount: 9, candidatesTokenCount: 5, thoughtsTokenCount: 60, totalTokenCount: 74 }),
      piece(
        [{ text: '', thoughtSignature: 'c2lnLXRleHQ=' }],
        { promptTokenCount: 9, candidatesTokenCount: 5, thoughtsTokenCount: 60, totalTokenCount: 74 },
        'STOP',
      ),
    ],
    answer: { parts: [['text', 'There are three.']], finish: 'stop' },
    usage: { inputTokens: 9, outputTokens: 65, reasoningTokens: 60 },
    goesBack: ['"c2lnLXRleHQ="'],
  },
]

// ── Chat Completions ─────────────────────────────────────────────────────────────────────────

const chunk = (fields: object) => ({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields })
const delta = (content: object, finish_reason: string | null = null) => chunk({ choices: [{ index: 0, delta: content, finish_reason }] })

const chat: Recording[] = [
  {
    name: 'a call in one piece after many thoughts, reasoning billed beside the completion',
    api: 'openai-chat',
    lines: [
      delta({ role: 'assistant', reasoning_content: 'First' }),
      delta({ reasoning_content: ', the weather.' }),
      delta({
        tool_calls: [{ id: 'call_79382389', index: 0, type: 'function', function: { name: 'bash', arguments: '{"command":"date"}' } }],
      }),
      delta({}, 'tool_calls'),
      chunk({
        choices: [],
        usage: {
          prompt_tokens: 307,
          completion_tokens: 26,
          total_tokens: 560,
          prompt_tokens_details: { cached_tokens: 306 },
          completion_tokens_details: { reasoning_tokens: 227 },
        },
      }),
    ],
    answer: {
      parts: [
        ['reasoning', 'First, the weather.'],
        ['tool-call', { command: 'date' }],
      ],
      finish: 'tool-calls',
    },
    usage: { inputTokens: 307, cacheReadTokens: 306, outputTokens: 253, reasoningTokens: 227 },
    goesBack: ['"reasoning_content":"First, the weather."'],
  },
  {
    name: 'the usage on the last piece of content and once more after it, and no mark at the end',
    api: 'openai-chat',
    lines: [
      delta({ role: 'assistant', content: 'Hel' }),
      { ...delta({ content: 'lo' }, 'stop'), usage: { prompt_tokens: 16, completion_tokens: 1, total_tokens: 17 } },
      chunk({ choices: [], usage: { prompt_tokens: 16, completion_tokens: 2, total_tokens: 18 } }),
    ],
    answer: { parts: [['text', 'Hello']], finish: 'stop' },
    usage: { inputTokens: 16, outputTokens: 2 },
  },
]

// ── OpenAI Responses ─────────────────────────────────────────────────────────────────────────

const response = (status: string, more: object = {}) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  model: 'gpt',
  output: [],
  status,
  ...more,
})
const tokens = (input: number, cached: number, output: number, reasoning: number) => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
})
const message = (index: number, id: string, phase: string, text: string) => {
  const item = { id, type: 'message', role: 'assistant', phase }
  return [
    { type: 'response.output_item.added', output_index: index, item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.output_text.delta', item_id: id, output_index: index, content_index: 0, delta: text, obfuscation: 'k3' },
    {
      type: 'response.output_item.done',
      output_index: index,
      item: { ...item, status: 'completed', content: [{ type: 'output_text', annotations: [], text }] },
    },
  ]
}

const responses: Recording[] = [
  {
    name: 'a remark and an answer, each with its phase',
    api: 'openai-responses',
    lines: [
      { type: 'response.created', response: response('in_progress') },
      ...message(0, 'msg_a', 'commentary', 'Got it. '),
      ...message(1, 'msg_b', 'final_answer', 'Here it is.'),
      { type: 'response.completed', response: response('completed', { usage: tokens(7112, 3072, 463, 64) }) },
    ],
    answer: {
      parts: [
        ['text', 'Got it. '],
        ['text', 'Here it is.'],
      ],
      finish: 'stop',
    },
    usage: { inputTokens: 7112, cacheReadTokens: 3072, outputTokens: 463, reasoningTokens: 64 },
    goesBack: ['"phase":"commentary"', '"phase":"final_answer"'],
  },
  {
    name: 'sealed thoughts without a summary, then a call',
    api: 'openai-responses',
    lines: [
      { type: 'response.created', response: response('in_progress') },
      {
        type: 'response.output_item.added',
        output_index: 0,
        item: { id: 'rs_a', type: 'reasoning', summary: [], encrypted_content: 'part' },
      },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { id: 'rs_a', type: 'reasoning', summary: [], encrypted_content: 'sig-0-0' },
      },
      {
        type: 'response.output_item.added',
        output_index: 1,
        item: { id: 'fc_a', type: 'function_call', call_id: 'call_AB6AaRZ1', name: 'bash', arguments: '', status: 'in_progress' },
      },
      { type: 'response.function_call_arguments.delta', item_id: 'fc_a', output_index: 1, delta: '{"command":"ls"}', obfuscation: 'xY' },
      {
        type: 'response.output_item.done',
        output_index: 1,
        item: {
          id: 'fc_a',
          type: 'function_call',
          call_id: 'call_AB6AaRZ1',
          name: 'bash',
          arguments: '{"command":"ls"}',
          status: 'completed',
        },
      },
      { type: 'response.completed', response: response('completed', { usage: tokens(134, 0, 28, 12) }) },
    ],
    answer: {
      parts: [
        ['reasoning', ''],
        ['tool-call', { command: 'ls' }],
      ],
      finish: 'tool-calls',
    },
    usage: { inputTokens: 134, outputTokens: 28, reasoningTokens: 12 },
    goesBack: ['"encrypted_content":"sig-0-0"'],
  },
]

// ── Ollama ───────────────────────────────────────────────────────────────────────────────────

const line = (fields: object) => ({ model: 'qwen3:8b', created_at: '2026-01-02T03:04:05Z', ...fields })

const ollama: Recording[] = [
  {
    name: 'two calls in one line, and text that was held back in the last one',
    api: 'ollama',
    lines: [
      line({ message: { role: 'assistant', content: '', thinking: 'Hm.' }, done: false }),
      line({
        message: {
          role: 'assistant',
          content: '',
          tool_calls: ['a', 'b'].map((command) => ({ function: { name: 'bash', arguments: { command, done: true } } })),
        },
        done: false,
      }),
      line({ message: { role: 'assistant', content: 'Looking.' }, done: true, done_reason: 'stop', prompt_eval_count: 33, eval_count: 11 }),
    ],
    answer: {
      parts: [
        ['reasoning', 'Hm.'],
        ['tool-call', { command: 'a', done: true }],
        ['tool-call', { command: 'b', done: true }],
        ['text', 'Looking.'],
      ],
      finish: 'tool-calls',
    },
    usage: { inputTokens: 33, outputTokens: 11 },
  },
]

export const recordings: Recording[] = [...anthropic, ...google, ...chat, ...responses, ...ollama]

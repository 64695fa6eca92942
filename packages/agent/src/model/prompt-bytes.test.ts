// The bytes that go over the wire decide what a provider's prompt cache finds again.

import type { PromptMessage } from '@slipway/core/ports'
import { afterEach, describe, expect, test } from 'vitest'
import type { ModelApi } from '../../../../e2e/doubles/models/brain.ts'
import { startBench } from './testing/wire-bench.ts'
import type { Bench } from './testing/wire-bench.ts'

let bench: Bench | null = null
afterEach(async () => {
  await bench?.close()
  bench = null
})

const HISTORY: PromptMessage[] = [
  { role: 'user', text: 'Fix the bug.', cache: false },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'I will look.' },
      { type: 'tool-call', callId: 'call-one-xyz', tool: 'bash', input: { command: 'ls', zebra: 1, apple: [2, { b: 1, a: 2 }] } },
      { type: 'tool-call', callId: 'call-two-xyz', tool: 'nothing', input: {}, invalid: 'There is no tool named “nothing”.' },
    ],
    cache: false,
  },
  {
    role: 'tool',
    results: [
      { callId: 'call-one-xyz', tool: 'bash', ok: true, output: 'a.ts\nb.ts' },
      { callId: 'call-two-xyz', tool: 'nothing', ok: false, output: 'There is no tool named “nothing”.' },
    ],
    cache: true,
  },
]

async function bodies(api: ModelApi, histories: PromptMessage[][]): Promise<string[]> {
  const opened = (bench = await startBench(api, () => ({ text: 'ok' })))
  for (const messages of histories) {
    const result = await opened.call({
      messages,
      system: [
        { text: 'Static.', cache: true },
        { text: 'For this session.', cache: false },
      ],
    })
    expect(result.ok).toBe(true)
  }
  return opened.double.requests.map((request) => request.rawBody)
}

describe.each<ModelApi>(['anthropic', 'openai-responses', 'openai-chat', 'google', 'ollama'])('requests to %s', (api) => {
  test('are the same bytes for the same input, in another process start too', async () => {
    const [first, second] = await bodies(api, [HISTORY, HISTORY])
    await bench?.close()
    const [third] = await bodies(api, [JSON.parse(JSON.stringify(HISTORY)) as PromptMessage[]])
    expect(second).toBe(first)
    expect(third).toBe(first)
  })

  test('grow only at the end of the history', async () => {
    const [before, after] = await bodies(api, [
      HISTORY,
      [
        ...HISTORY.map((message) => ({ ...message, cache: false })),
        { role: 'assistant', content: [{ type: 'text', text: 'Seen.' }], cache: false },
        { role: 'user', text: 'Go on.', cache: true },
      ],
    ])
    // The markers move with the end; they are no part of what is compared by the cache.
    const bare = (body: string | undefined): string => (body ?? '').replaceAll(',"cache_control":{"type":"ephemeral"}', '')
    const key = { anthropic: 'messages', 'openai-responses': 'input', 'openai-chat': 'messages', google: 'contents', ollama: 'messages' }[
      api
    ]
    const history = (body: string): string => JSON.stringify((JSON.parse(body) as Record<string, unknown>)[key]).slice(0, -1)
    const rest = (body: string): string => JSON.stringify({ ...(JSON.parse(body) as Record<string, unknown>), [key]: null })
    expect(history(bare(after)).startsWith(history(bare(before)))).toBe(true)
    expect(rest(bare(after))).toBe(rest(bare(before)))
  })
})

test('Anthropic is sent exactly these bytes', async () => {
  const [body] = await bodies('anthropic', [HISTORY])
  expect(body).toBe(
    '{"model":"claude-sonnet-4-6","max_tokens":8000,' +
      '"system":[{"type":"text","text":"Static.","cache_control":{"type":"ephemeral"}},{"type":"text","text":"For this session."}],' +
      '"messages":[{"role":"user","content":[{"type":"text","text":"Fix the bug."}]},' +
      '{"role":"assistant","content":[{"type":"text","text":"I will look."},' +
      '{"type":"tool_use","id":"call-one-xyz","name":"bash","input":{"command":"ls","zebra":1,"apple":[2,{"b":1,"a":2}]}},' +
      '{"type":"tool_use","id":"call-two-xyz","name":"nothing","input":{}}]},' +
      '{"role":"user","content":[{"type":"tool_result","tool_use_id":"call-one-xyz","content":"a.ts\\nb.ts"},' +
      '{"type":"tool_result","tool_use_id":"call-two-xyz","content":"There is no tool named “nothing”.","is_error":true,"cache_control":{"type":"ephemeral"}}]}],' +
      '"tools":[{"name":"read_file","description":"Reads a file.","input_schema":{"type":"object","properties":{"path":{"type":"string"}},"required":["path"],"additionalProperties":false},"eager_input_streaming":true},' +
      '{"name":"bash","description":"Runs a command.","input_schema":{"type":"object","properties":{"command":{"type":"string"}},"required":["command"],"additionalProperties":false},"cache_control":{"type":"ephemeral"},"eager_input_streaming":true}],' +
      '"tool_choice":{"type":"auto"},"stream":true}',
  )
})

test('Anthropic’s cache finds the whole earlier prompt again in the next step', async () => {
  const opened = (bench = await startBench('anthropic', (request) =>
    request.assistantTurns < 3 ? { toolCalls: [{ name: 'bash', input: { command: `step ${request.assistantTurns}` } }] } : { text: 'done' },
  ))
  const messages: PromptMessage[] = [{ role: 'user', text: 'Fix the bug. '.repeat(200), cache: true }]
  const usages: { read: number; write: number }[] = []
  for (let ordinal = 0; ordinal < 4; ordinal++) {
    const result = await opened.call({
      callId: `model-call-${ordinal}`,
      ordinal,
      messages: messages.map((message, index) => ({ ...message, cache: index === messages.length - 1 })),
    })
    if (!result.ok) throw new Error(result.failure.message)
    usages.push({ read: result.usage.cacheReadTokens, write: result.usage.cacheWriteTokens })
    messages.push({ role: 'assistant', content: result.content, cache: false })
    messages.push({
      role: 'tool',
      cache: false,
      results: result.content.flatMap((part) =>
        part.type === 'tool-call' ? [{ callId: part.callId, tool: part.tool, ok: true, output: 'x'.repeat(400) }] : [],
      ),
    })
  }
  expect(usages[0]?.read).toBe(0)
  usages.slice(1).forEach((usage, index) => expect(usage.read).toBe((usages[index]?.read ?? 0) + (usages[index]?.write ?? 0)))
})

test('no more than four cache markers go out, however many are asked for', async () => {
  const opened = (bench = await startBench('anthropic', () => ({ text: 'ok' })))
  const many = await opened.call({
    system: ['a', 'b', 'c'].map((text) => ({ text, cache: true })),
    messages: [
      { role: 'user', text: 'one', cache: true },
      { role: 'assistant', content: [{ type: 'text', text: 'two' }], cache: true },
      { role: 'user', text: 'three', cache: true },
    ],
  })
  expect(many.ok).toBe(true)
  const body = opened.double.requests[0]?.rawBody ?? ''
  expect(body.split('"cache_control"')).toHaveLength(5)
  // The end of the history is worth more than the first section.
  expect(body).toContain('{"type":"text","text":"three","cache_control"')
  expect(body).toContain('{"type":"text","text":"a"}')
})

describe('effort', () => {
  test.each<[api: ModelApi, model: string, expected: Record<string, unknown>]>([
    [
      'anthropic',
      'anthropic/claude-sonnet-4-6',
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'medium' }, max_tokens: 8000 },
    ],
    // A budget is a part of the limit, not on top of it: the reserved worst case stays true.
    ['anthropic', 'anthropic/claude-sonnet-4-5', { thinking: { type: 'enabled', budget_tokens: 2800 }, max_tokens: 8000 }],
    ['anthropic', 'anthropic/claude-3-5-haiku-latest', { thinking: undefined, output_config: undefined, max_tokens: 8000 }],
    [
      'openai-responses',
      'openai/gpt-5.1',
      {
        reasoning: { effort: 'medium', summary: 'auto' },
        store: false,
        include: ['reasoning.encrypted_content'],
        prompt_cache_key: 'session-1',
        max_output_tokens: 8000,
      },
    ],
    ['openai-responses', 'openai/gpt-4.1', { reasoning: undefined, include: undefined, store: false }],
    ['openai-chat', 'openai-compatible/openai/gpt-oss-120b', { reasoning_effort: 'medium' }],
    ['openai-chat', 'openai-compatible/acme/coder-1', { reasoning_effort: undefined, max_tokens: 8000 }],
    [
      'google',
      'google/gemini-3-pro-preview',
      { generationConfig: { maxOutputTokens: 8000, thinkingConfig: { thinkingLevel: 'medium', includeThoughts: true } } },
    ],
    ['google', 'google/gemini-2.0-flash', { generationConfig: { maxOutputTokens: 8000 } }],
    ['ollama', 'ollama/qwen3:8b', { think: true, options: { num_ctx: 32_768, num_predict: 8000 } }],
    ['ollama', 'ollama/gemma:2b', { think: false, options: { num_ctx: 8_192, num_predict: 8000 } }],
  ])('at %s, %s is told only what it knows', async (api, model, expected) => {
    const opened = (bench = await startBench(api, () => ({ text: 'ok' })))
    expect((await opened.call({ model, effort: 'medium', ...(model === 'ollama/gemma:2b' ? { tools: [] } : {}) })).ok).toBe(true)
    const body = opened.double.requests[0]?.body ?? {}
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, body[key]]))).toEqual(expected)
  })

  test('a budget is left out where the history was written without thinking', async () => {
    const opened = (bench = await startBench('anthropic', () => ({ text: 'ok' })))
    expect((await opened.call({ model: 'anthropic/claude-sonnet-4-5', effort: 'high', messages: HISTORY })).ok).toBe(true)
    expect(opened.double.requests[0]?.body['thinking']).toBeUndefined()
  })
})

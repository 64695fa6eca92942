import type { AssistantPart } from '@slipway/core/events'
import type { ModelResult, PromptMessage } from '@slipway/core/ports'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Brain, DoubleFault, ModelApi } from '../../../../e2e/doubles/models/brain.ts'
import type { ModelDeadlines } from './settings.ts'
import { openModels } from './open-models.ts'
import { startBench } from './testing/wire-bench.ts'
import type { Bench } from './testing/wire-bench.ts'

const APIS: ModelApi[] = ['anthropic', 'openai-responses', 'openai-chat', 'google', 'ollama']

const rejections: unknown[] = []
process.on('unhandledRejection', (reason) => rejections.push(reason))

let bench: Bench | null = null
async function open(api: ModelApi, brain: Brain, options?: Parameters<typeof startBench>[2]): Promise<Bench> {
  bench = await startBench(api, brain, options)
  return bench
}

afterEach(async () => {
  await bench?.close()
  bench = null
  // One turn of the event loop: a promise that nobody looks at is reported after it.
  await new Promise((resolve) => setImmediate(resolve))
  if (rejections.length > 0) throw new Error('A promise was rejected and nobody looked', { cause: rejections.splice(0) })
})

function answered(result: ModelResult): Extract<ModelResult, { ok: true }> {
  if (!result.ok) throw new Error(`the call failed: ${JSON.stringify(result.failure)}`)
  return result
}

function failed(result: ModelResult): Extract<ModelResult, { ok: false }> {
  if (result.ok) throw new Error(`the call was answered: ${JSON.stringify(result.content)}`)
  return result
}

function calls(content: AssistantPart[]) {
  return content.filter((part) => part.type === 'tool-call')
}

/** History after an answer with tool calls: the answer, and a result for each call. */
function continued(content: AssistantPart[]): PromptMessage[] {
  return [
    { role: 'user', text: 'Fix the bug.', cache: false },
    { role: 'assistant', content, cache: false },
    {
      role: 'tool',
      results: calls(content).map((call) => ({ callId: call.callId, tool: call.tool, ok: true, output: 'done' })),
      cache: true,
    },
  ]
}

describe.each(APIS)('over the wire of %s', (api) => {
  test('text comes as deltas and as a whole, with the usage as reported', async () => {
    const { call, deltas, double } = await open(api, () => ({
      text: 'Hello, this is the answer — ✓ 🚢 done.',
      usage: { input: 1200, output: 34, cacheRead: 800, cacheWrite: 100, reasoning: 4 },
    }))
    const result = answered(await call())
    expect(result.content.map((part) => (part.type === 'text' ? part.text : part.type))).toEqual(['Hello, this is the answer — ✓ 🚢 done.'])
    expect(
      deltas
        .filter((delta) => delta.channel === 'text')
        .map((delta) => delta.text)
        .join(''),
    ).toBe('Hello, this is the answer — ✓ 🚢 done.')
    expect(new Set(deltas.map((delta) => delta.callId))).toEqual(new Set(['model-call-1']))
    expect(result.finish).toBe('stop')
    const reported = {
      anthropic: { inputTokens: 1200, cacheReadTokens: 800, cacheWriteTokens: 100, outputTokens: 34, reasoningTokens: 4 },
      'openai-responses': { inputTokens: 1200, cacheReadTokens: 800, cacheWriteTokens: 0, outputTokens: 34, reasoningTokens: 4 },
      'openai-chat': { inputTokens: 1200, cacheReadTokens: 800, cacheWriteTokens: 0, outputTokens: 34, reasoningTokens: 4 },
      google: { inputTokens: 1200, cacheReadTokens: 800, cacheWriteTokens: 0, outputTokens: 34, reasoningTokens: 4 },
      ollama: { inputTokens: 1200, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 34, reasoningTokens: 0 },
    }
    expect(result.usage).toEqual(reported[api])
    expect(double.requests).toHaveLength(1)
  })

  test('reasoning and parallel tool calls come back unchanged in the next request, and the provider accepts them', async () => {
    const { call, deltas } = await open(api, (request) =>
      request.assistantTurns > 0
        ? { text: `saw ${request.lastResults.length}` }
        : {
            reasoning: 'First I look at both files.',
            text: 'Looking.',
            toolCalls: [
              { name: 'read_file', input: { path: 'a.ts' } },
              { name: 'bash', input: { command: 'ls "b c"' } },
            ],
          },
    )
    const first = answered(await call({ effort: 'low' }))
    expect(first.finish).toBe('tool-calls')
    expect(calls(first.content).map((part) => [part.tool, part.input, part.invalid])).toEqual([
      ['read_file', { path: 'a.ts' }, undefined],
      ['bash', { command: 'ls "b c"' }, undefined],
    ])
    expect(first.content.find((part) => part.type === 'reasoning')?.text).toBe('First I look at both files.')
    const [one, two] = calls(first.content)
    expect(one?.callId).not.toBe(two?.callId)
    const inputDeltas = (id: string | undefined): string =>
      deltas
        .filter((delta) => delta.channel === 'tool-input' && delta.callId === id)
        .map((delta) => delta.text)
        .join('')
    expect(JSON.parse(inputDeltas(two?.callId))).toEqual({ command: 'ls "b c"' })
    expect(
      deltas
        .filter((delta) => delta.channel === 'reasoning')
        .map((delta) => delta.text)
        .join(''),
    ).toBe('First I look at both files.')

    // Through JSON, as the log stores it.
    const stored = JSON.parse(JSON.stringify(first.content)) as AssistantPart[]
    const second = answered(await call({ effort: 'low', ordinal: 1, messages: continued(stored) }))
    expect(second.content).toMatchObject([{ type: 'text', text: 'saw 2' }])
  })

  test('a refusal and a length cut are told apart from an end', async () => {
    const { call } = await open(api, (request) => ({ text: 'I will not', finish: request.index === 0 ? 'length' : 'refusal' }))
    expect(answered(await call()).finish).toBe('length')
    expect(answered(await call()).finish).toBe(api === 'ollama' ? 'stop' : 'refusal')
  })

  test('a rate limit carries its status, its words and when to come back', async () => {
    const { call } = await open(api, () => ({ fault: { status: 429, retryAfterSeconds: 7 } }))
    const { failure, usage } = failed(await call())
    expect(failure).toMatchObject({ cause: 'http', status: 429, retryAfterMs: 7000 })
    expect(failure.message).not.toBe('')
    expect(usage).toBeNull()
  })

  test.each([500, 503, 529])('status %i is reported and not tried again', async (status) => {
    const { call, double } = await open(api, () => ({ fault: { status, message: 'try later' } }))
    expect(failed(await call()).failure).toMatchObject({ cause: 'http', status, message: 'try later', retryAfterMs: null })
    expect(double.requests).toHaveLength(1)
  })

  test('a prompt that is too long is reported in the provider’s words', async () => {
    const { call } = await open(api, () => ({ fault: { overflow: true } }))
    const { failure } = failed(await call())
    expect(failure).toMatchObject({ cause: 'http', status: 400 })
    expect(failure.message).toMatch(/too long|context|token count/)
  })

  test('a proxy’s page instead of the API is shown as plain text', async () => {
    const { call } = await open(api, () => ({
      fault: { status: 502, body: '<html><head><style>b{}</style></head><body><h1>502 Bad Gateway</h1></body></html>' },
    }))
    expect(failed(await call()).failure).toMatchObject({ cause: 'http', status: 502, message: '502 Bad Gateway' })
  })

  test('a redirect is not followed, because the key would go with it', async () => {
    const { call, double } = await open(api, () => ({
      fault: { status: 307, body: '{}', headers: { location: 'http://127.0.0.1:1/elsewhere' } },
    }))
    expect(failed(await call()).failure).toMatchObject({ cause: 'http', status: 307, code: 'redirect' })
    expect(double.requests).toHaveLength(1)
  })

  test('a connection that is reset before the answer is a connection failure', async () => {
    const { call } = await open(api, () => ({ fault: { reset: true } }))
    expect(failed(await call()).failure).toMatchObject({ cause: 'connection', status: null })
  })

  test.each([true, false])('an answer that breaks off is cut, never an answer (clean end of the body: %s)', async (clean) => {
    const { call } = await open(api, () => ({ text: 'This answer will never be whole.', fault: { cutAfter: { characters: 14, clean } } }))
    expect(failed(await call()).failure).toMatchObject({ cause: 'cut', status: null })
  })

  test('a tool call that is cut in its arguments is cut, not a broken call', async () => {
    const { call } = await open(api, () => ({
      text: 'Writing.',
      toolCalls: [{ name: 'bash', input: { command: 'x'.repeat(200) } }],
      fault: { cutAfter: { characters: 60, clean: true } },
    }))
    expect(failed(await call()).failure.cause).toBe('cut')
  })

  test('an error inside the stream is the provider’s failure, and nothing is printed', async () => {
    const printed = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'error')]
    const { call } = await open(api, () => ({
      text: 'This answer will never be whole.',
      fault: { errorAfter: { characters: 12, status: 500, message: 'it broke inside' } },
    }))
    expect(failed(await call()).failure).toMatchObject({ cause: 'http', message: 'it broke inside' })
    printed.forEach((spy) => expect(spy).not.toHaveBeenCalled())
    vi.restoreAllMocks()
  })

  test.each<[where: string, fault: DoubleFault, deadlines: Partial<ModelDeadlines>]>([
    ['before an answer', { stall: true }, { firstChunkMs: 500 }],
    ['inside an answer', { stallAfter: 12 }, { betweenChunksMs: 300 }],
  ])('silence %s is stalled, and the socket is closed', async (_, fault, deadlines) => {
    const { call, double } = await open(api, () => ({ text: 'This answer will stop arriving.', fault }), { deadlines })
    const closed = double.nextSocketClosed()
    expect(failed(await call()).failure).toMatchObject({ cause: 'stalled', status: null })
    await closed
  })

  test('an answer that only trickles is stalled when the whole call takes too long', async () => {
    const { call } = await open(api, () => ({ text: 'word '.repeat(200), paceMs: 15 }), { deadlines: { callMs: 150 } })
    expect(failed(await call()).failure).toMatchObject({ cause: 'stalled', message: 'The answer was not complete after 0.15 s.' })
  })

  test('an abort ends the call at once and closes the socket', async () => {
    const stop = new AbortController()
    const { call, double, deltas } = await open(api, () => ({ text: 'word '.repeat(500), paceMs: 100 }))
    const closed = double.nextSocketClosed()
    const running = call({}, stop.signal)
    await expect.poll(() => deltas.length, { interval: 5 }).toBeGreaterThan(2)
    const abortedAt = performance.now()
    stop.abort()
    expect(failed(await running).failure).toMatchObject({ cause: 'aborted' })
    await closed
    // The whole of it takes twenty seconds.
    expect(performance.now() - abortedAt).toBeLessThan(10_000)
  })

  test('a call that was stopped before it began sends nothing', async () => {
    const { call, double } = await open(api, () => ({ text: 'no' }))
    expect(failed(await call({}, AbortSignal.abort())).failure.cause).toBe('aborted')
    expect(double.requests).toEqual([])
  })

  test('an answer with nothing in it is empty', async () => {
    const { call } = await open(api, () => ({}))
    expect(failed(await call()).failure).toMatchObject({ cause: 'empty' })
  })

  test('an unknown tool becomes text for the model, under a name that every provider takes back', async () => {
    const { call } = await open(api, (request) =>
      request.assistantTurns > 0 ? { text: 'ok' } : { toolCalls: [{ name: 'functions.format disk', input: { now: true } }] },
    )
    const first = answered(await call())
    expect(calls(first.content)).toMatchObject([
      {
        tool: 'functions_format_disk',
        input: { now: true },
        invalid: 'There is no tool named “functions.format disk”. The tools are: read_file, bash.',
      },
    ])
    answered(await call({ ordinal: 1, messages: continued(first.content) }))
  })
})

describe.each(APIS.filter((api) => api !== 'ollama'))('the key at %s', (api) => {
  const key = 'sk-secret-0123456789-abcdefghij'

  test('never comes back out of an error that echoes it, as a status or inside the stream', async () => {
    const echo = (request: { headers: Record<string, string> }): string => `bad headers: ${JSON.stringify(request.headers)}`
    const { call, double } = await open(
      api,
      (request) =>
        request.index === 0
          ? { fault: { status: 400, message: echo(request), code: key } }
          : { text: 'This answer will never be whole.', fault: { errorAfter: { characters: 12, status: 500, message: echo(request) } } },
      { key },
    )
    const results = [failed(await call()), failed(await call())]
    expect(JSON.stringify(double.requests[0]?.headers)).toContain(key)
    expect(JSON.stringify(results)).not.toContain(key)
    expect(results[0]?.failure.message).toContain('bad headers')
  })

  test('is refused by the provider when it is wrong, and that is said', async () => {
    const { call, double } = await open(api, () => ({ text: 'no' }), { sentKey: 'wrong-key-wrong-key-wrong-key' })
    const { failure } = failed(await call())
    expect(failure).toMatchObject({ cause: 'http', status: api === 'google' ? 400 : 401 })
    expect(failure.message).toMatch(/key/i)
    expect(double.requests).toEqual([])
  })
})

describe.each<ModelApi>(['anthropic', 'openai-responses', 'openai-chat'])('broken arguments from %s', (api) => {
  test('become text for the model, and the history stays acceptable', async () => {
    const { call } = await open(api, (request) =>
      request.assistantTurns > 0
        ? { text: 'ok' }
        : {
            toolCalls: [
              { name: 'bash', rawInput: '{"command": "ls' },
              { name: 'bash', rawInput: '["ls"]' },
              { name: 'bash', rawInput: '{"__proto__": {"polluted": true}}' },
            ],
          },
    )
    const first = answered(await call())
    expect(first.finish).toBe('tool-calls')
    expect(calls(first.content).map((part) => [part.input, part.invalid?.split('\n')[0]])).toEqual([
      [{}, 'The arguments are not valid JSON: {"command": "ls'],
      [{}, 'The arguments must be one JSON object, not a list.'],
      [{}, expect.stringMatching(/^The arguments are not valid JSON/)],
    ])
    answered(await call({ ordinal: 1, messages: continued(first.content) }))
  })
})

test('Gemini’s own refusal of broken arguments is a failure that may be tried again', async () => {
  const { call } = await open('google', () => ({ toolCalls: [{ name: 'bash', rawInput: '{' }] }))
  expect(failed(await call()).failure).toMatchObject({ cause: 'cut', code: 'MALFORMED_FUNCTION_CALL' })
})

test('Gemini’s delay in the body of a rate limit is understood', async () => {
  const { call } = await open('google', () => ({ fault: { status: 429 } }))
  expect(failed(await call()).failure.retryAfterMs).toBe(34_400)
})

test('ids that are counted or repeat an earlier one are made unique, others are kept', async () => {
  const { call, deltas } = await open('openai-chat', (request) => ({
    toolCalls:
      request.assistantTurns > 0
        ? [{ id: 'call_random8431x', name: 'bash', input: { command: '3' } }]
        : [
            { id: 'call_0', name: 'bash', input: { command: '1' } },
            { id: 'call_random8431x', name: 'bash', input: {} },
          ],
  }))
  const first = answered(await call())
  expect(calls(first.content).map((part) => part.callId)).toEqual(['call_0-model-call-1', 'call_random8431x'])
  expect(new Set(deltas.map((delta) => delta.callId))).toEqual(new Set(['call_0-model-call-1', 'call_random8431x']))
  const second = answered(await call({ callId: 'model-call-2', ordinal: 1, messages: continued(first.content) }))
  expect(calls(second.content).map((part) => part.callId)).toEqual(['call_random8431x-model-call-2'])
})

test('a cut call at Anthropic still says what its input cost', async () => {
  const { call } = await open('anthropic', () => ({
    text: 'This answer will never be whole.',
    usage: { input: 5000, output: 9, cacheRead: 4000, cacheWrite: 600 },
    fault: { cutAfter: { characters: 12, clean: true } },
  }))
  expect(failed(await call()).usage).toMatchObject({ inputTokens: 5000, cacheReadTokens: 4000, cacheWriteTokens: 600 })
})

test('reasoning of one provider is not sent to another', async () => {
  const first = await open('anthropic', () => ({ reasoning: 'hidden thoughts', toolCalls: [{ name: 'bash', input: { command: 'ls' } }] }))
  const { content } = answered(await first.call({ effort: 'low' }))
  await first.close()
  for (const api of APIS.filter((other) => other !== 'anthropic')) {
    const next = await startBench(api, () => ({ text: 'ok' }))
    answered(await next.call({ effort: 'low', ordinal: 1, messages: continued(content) }))
    expect(next.double.requests[0]?.rawBody).not.toContain('hidden thoughts')
    await next.close()
  }
})

test('a model that cannot use tools is refused in Ollama’s words', async () => {
  const { call } = await open('ollama', () => ({ text: 'no' }))
  expect(failed(await call({ model: 'ollama/gemma:2b' })).failure).toMatchObject({
    cause: 'http',
    status: 400,
    message: expect.stringContaining('does not support tools'),
  })
})

test('an Ollama that is gone is a connection failure that says how to start it', async () => {
  const opened = await open('ollama', () => ({ text: 'no' }))
  await opened.double.close()
  expect(failed(await opened.call()).failure).toMatchObject({ cause: 'connection', message: expect.stringContaining('ollama serve') })
})

test('calls at the same time do not disturb each other', async () => {
  const { call } = await open('anthropic', (request) => ({ text: `answer to ${request.lastUserText}`, paceMs: 2 }))
  const results = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      call({ callId: `c${index}`, messages: [{ role: 'user', text: `question ${index}`, cache: false }] }),
    ),
  )
  expect(results.map((result) => answered(result).content)).toEqual(
    Array.from({ length: 12 }, (_, index) => [{ type: 'text', text: `answer to question ${index}` }]),
  )
})

test('a worker that may have lost its session while the call was prepared sends nothing', async () => {
  const { double, settings, request } = await open('anthropic', () => ({ text: 'Too late.' }))
  const { signal } = new AbortController()
  const assertHeld = (): void => {
    throw new Error('the lease is lost')
  }
  const result = await openModels(settings).call(request(), { signal, onDelta: () => undefined, assertHeld })
  expect([result.ok, double.seen]).toEqual([false, []])
})

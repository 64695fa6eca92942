import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelPort, ModelRequest, ModelResult } from '@slipway/core/ports'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openModels } from '../open-models.ts'
import { modelSettingsFrom } from '../settings.ts'

let folder = ''
let port: ModelPort
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-script-'))
  port = open()
})
afterEach(() => rm(folder, { recursive: true }))

function open(): ModelPort {
  const settings = modelSettingsFrom({}, folder)
  return openModels({ ...settings, deadlines: { firstChunkMs: 600, betweenChunksMs: 400, callMs: 20_000 } })
}

async function script(yaml: string): Promise<void> {
  await writeFile(join(folder, 's.yaml'), yaml)
}

const TOOLS = [{ name: 'bash', description: 'Runs a command.', inputSchema: { type: 'object' } }]

function request(fields: Partial<ModelRequest>): ModelRequest {
  return {
    callId: `call-${fields.ordinal ?? 0}`,
    sessionId: 'one',
    role: 'code',
    model: 'scripted/s.yaml',
    effort: null,
    system: [],
    messages: [{ role: 'user', text: 'Make the counter count.', cache: false }],
    tools: TOOLS,
    maxOutputTokens: 1000,
    ordinal: 0,
    ...fields,
  }
}

async function call(
  fields: Partial<ModelRequest> = {},
  through: ModelPort = port,
  onDelta: (channel: string, callId: string, text: string) => void = () => {},
): Promise<ModelResult> {
  return through.call(request(fields), { signal: new AbortController().signal, onDelta })
}

function words(result: ModelResult): string {
  return result.ok
    ? result.content
        .map((part) =>
          part.type === 'tool-call' ? `${part.tool} ${JSON.stringify(part.input)}${part.invalid ? ' invalid' : ''}` : part.text,
        )
        .join(' | ')
    : `${result.failure.cause} ${result.failure.status}`
}

test('steps are chosen by the request alone: a fresh process goes on where the old one stopped', async () => {
  await script(
    'name: s\nroles:\n  plan:\n    - text: planning\n  code:\n    - reasoning: hm\n      text: looking\n      tool_calls: [{name: bash, input: {command: ls}}]\n    - text: done\n',
  )
  expect(words(await call({ role: 'plan', ordinal: 0 }))).toBe('planning')
  expect(words(await call({ ordinal: 1 }, open()))).toBe('hm | looking | bash {"command":"ls"}')
  expect(words(await call({ ordinal: 2 }, open()))).toBe('done')
  expect(words(await call({ ordinal: 3 }))).toBe('The script “s” ends here: it has 3 steps, and this is call 4.')
})

test('helpers have their own steps, or plain answers where the script has none', async () => {
  await script('name: s\nsteps: [{text: code}]\nroles:\n  explore: [{text: found it}]\n')
  expect(words(await call({ role: 'explore', ordinal: 0 }))).toBe('found it')
  expect(words(await call({ role: 'explore', ordinal: 5 }))).toBe('found it')
  expect(words(await call({ role: 'title', ordinal: 0 }))).toBe('Make the counter count.')
  expect(words(await call({ role: 'summarise', ordinal: 0 }))).toContain('the script “s”')
})

test('everything comes as deltas, and the same request gives the same answer', async () => {
  await script(
    'name: s\nsteps:\n  - text: "one 🚢 two"\n    tool_calls: [{name: bash, input: {command: "echo ✓"}}, {name: bash, input: {}}]\n',
  )
  const deltas: string[] = []
  const result = await call({}, port, (channel, callId, text) => void deltas.push(`${channel} ${callId} ${text}`))
  expect(
    deltas
      .filter((delta) => delta.startsWith('text call-0 '))
      .map((delta) => delta.slice(12))
      .join(''),
  ).toBe('one 🚢 two')
  expect(
    deltas
      .filter((delta) => delta.startsWith('tool-input call-0-t1 '))
      .map((delta) => delta.slice(21))
      .join(''),
  ).toBe('{"command":"echo ✓"}')
  const again = await call()
  expect(result.ok && again.ok && again.content).toEqual(result.ok && result.content)
})

test('usage is what the script says, or an estimate', async () => {
  await script('name: s\nsteps:\n  - text: hi\n    usage: {input_tokens: 100, output_tokens: 7, cache_read_tokens: 60}\n')
  const given = await call()
  expect(given.ok && given.usage).toEqual({
    inputTokens: 100,
    cacheReadTokens: 60,
    cacheWriteTokens: 0,
    outputTokens: 7,
    reasoningTokens: 0,
  })
  await script('name: s\nsteps:\n  - text: "12345678"\n')
  const estimated = await call()
  expect(estimated.ok && [estimated.usage.outputTokens, estimated.usage.inputTokens > 10]).toEqual([2, true])
})

test.each([
  ['{status: 429, retry_after: 3}', { cause: 'http', status: 429, retryAfterMs: 3000 }],
  [
    '{status: 401, code: authentication_error, message: bad key}',
    { cause: 'http', status: 401, code: 'authentication_error', message: 'bad key' },
  ],
  ['{overflow: true}', { cause: 'http', status: 400, code: 'context_length_exceeded' }],
  ['{reset: true}', { cause: 'connection', status: null }],
  ['{stall: true}', { cause: 'stalled' }],
  ['{stall_after: 4}', { cause: 'stalled' }],
  ['{cut_after: 4}', { cause: 'cut' }],
  ['{empty: true}', { cause: 'empty' }],
])('the fault %s happens once, then the step is played', async (fault, expected) => {
  await script(`name: s\nsteps:\n  - text: here it is\n    fault: ${fault}\n`)
  const result = await call()
  expect(result.ok ? result : result.failure).toMatchObject(expected)
  expect(words(await call())).toBe('here it is')
  // Another session has its own count.
  expect((await call({ sessionId: 'two' })).ok).toBe(false)
})

test('a fault happens as often as it says, or always', async () => {
  await script(
    'name: s\nsteps:\n  - text: ok\n    fault: {status: 500, times: 2}\n  - text: never\n    fault: {status: 500, times: null}\n',
  )
  expect([words(await call()), words(await call()), words(await call())]).toEqual(['http 500', 'http 500', 'ok'])
  expect([words(await call({ ordinal: 1 })), words(await call({ ordinal: 1 })), words(await call({ ordinal: 1 }))]).toEqual([
    'http 500',
    'http 500',
    'http 500',
  ])
})

test('malformed arguments are a broken tool call', async () => {
  await script('name: s\nsteps:\n  - tool_calls: [{name: bash, input: {command: ls}}]\n    fault: {malformed_args: true}\n')
  expect(words(await call())).toBe('bash {} invalid')
})

test('a step may depend on what the last tools said', async () => {
  await script(
    'name: s\nsteps:\n  - when: {last_tool_failed: true}\n    text: repairing\n    else: {text: going on}\n  - when: {last_output_contains: "2 failed"}\n    text: two\n    else: {text: other}\n',
  )
  const results = (ok: boolean, output: string): Partial<ModelRequest> => ({
    messages: [{ role: 'tool', results: [{ callId: 'x', tool: 'bash', ok, output }], cache: false }],
  })
  expect(words(await call(results(false, 'boom')))).toBe('repairing')
  expect(words(await call(results(true, 'fine')))).toBe('going on')
  expect(words(await call({ ordinal: 1, ...results(true, '10 passed, 2 failed') }))).toBe('two')
  expect(words(await call({ ordinal: 1, ...results(true, '12 passed') }))).toBe('other')
})

test('speed is tokens per second, and a stop ends a slow answer at once', async () => {
  await script(`name: s\nspeed: 20\nsteps:\n  - text: ${'word '.repeat(400)}\n`)
  const stop = new AbortController()
  let first = Number.POSITIVE_INFINITY
  const startedAt = performance.now()
  const running = port.call(request({}), {
    signal: stop.signal,
    onDelta() {
      first = Math.min(first, performance.now())
      stop.abort()
    },
  })
  const result = await running
  expect(result.ok ? '' : result.failure.cause).toBe('aborted')
  expect(first - startedAt).toBeGreaterThan(40)
  // The whole of it takes twenty seconds.
  expect(performance.now() - first).toBeLessThan(10_000)
})

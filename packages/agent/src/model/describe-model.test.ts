import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { environmentFor } from '../../../../e2e/doubles/models/environment.ts'
import type { ModelApi } from '../../../../e2e/doubles/models/brain.ts'
import { startModelDouble } from '../../../../e2e/doubles/models/server.ts'
import type { ModelDouble } from '../../../../e2e/doubles/models/server.ts'
import { defaultModel, listProviders } from './default-model.ts'
import { openModels } from './open-models.ts'
import { probeModel } from './probe-model.ts'
import { usualModels } from './usual-models.ts'
import { modelSettingsFrom } from './settings.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-scripts-'))
  await writeFile(join(folder, 'good.yaml'), 'name: good\nsteps:\n  - text: hello\n')
  await writeFile(join(folder, 'bad.yaml'), 'name: bad\nspeed: fast\nsteps:\n  - says: hello\n  - tool_calls: [{input: {}}]\n')
})
afterAll(() => rm(folder, { recursive: true }))

const doubles: ModelDouble[] = []
afterEach(async () => {
  await Promise.all(doubles.splice(0).map((double) => double.close()))
})

async function double(api: ModelApi): Promise<Record<string, string>> {
  const started = await startModelDouble({ api, brain: () => ({ text: 'ok' }) })
  doubles.push(started)
  return environmentFor(api, started).variables
}

/** No Ollama of this machine may answer in a test. */
const NOBODY = { OLLAMA_BASE_URL: 'http://127.0.0.1:1' }
const settings = (environment: Record<string, string>) => modelSettingsFrom({ ...NOBODY, ...environment }, folder)
const describeModel = (environment: Record<string, string>, model: string) => openModels(settings(environment)).describe(model)

test('a known model is described from the price book', async () => {
  const described = await describeModel({ ANTHROPIC_API_KEY: 'k' }, 'anthropic/claude-sonnet-4-5')
  expect(described).toMatchObject({
    ok: true,
    description: { model: 'anthropic/claude-sonnet-4-5', provider: 'anthropic', hasTools: true, isScripted: false },
  })
  if (described.ok) expect(described.description.price?.input).toBeGreaterThan(0)
})

test('an unknown model gets careful limits and no price, never a price of zero', async () => {
  expect(await describeModel({ OPENAI_COMPATIBLE_BASE_URL: 'http://127.0.0.1:1' }, 'openai-compatible/acme/coder-1')).toEqual({
    ok: true,
    description: {
      model: 'openai-compatible/acme/coder-1',
      provider: 'openai-compatible',
      hasTools: null,
      contextWindow: 128_000,
      maxOutputTokens: 8_192,
      price: null,
      isScripted: false,
    },
  })
})

test('a missing key names the variable, for a description and for a call', async () => {
  const message = 'There is no key for google. Set GOOGLE_GENERATIVE_AI_API_KEY, or choose another model.'
  expect(await describeModel({}, 'google/gemini-2.5-pro')).toEqual({ ok: false, message })
  const request = {
    callId: 'c',
    sessionId: 's',
    role: 'code' as const,
    model: 'google/gemini-2.5-pro',
    effort: null,
    system: [],
    messages: [],
    tools: [],
    maxOutputTokens: 10,
    ordinal: 0,
  }
  const result = await openModels(settings({})).call(request, { signal: new AbortController().signal, onDelta: () => {} })
  expect(result).toEqual({
    ok: false,
    failure: { cause: 'http', status: 401, code: 'missing_key', message, retryAfterMs: null },
    usage: null,
    ms: 0,
  })
})

test.each(['mistral/large', 'gpt-5', '', 'anthropic/'])('“%s” is refused with what would be right', async (model) => {
  const described = await describeModel({}, model)
  expect(described.ok ? '' : described.message).toMatch(
    /provider\/model with one of: anthropic\/…, openai\/…, openai-compatible\/…, google\/…, ollama\/…, scripted\/…|Write it as anthropic\/<model>/,
  )
})

test('Ollama is asked what its model can do, and its context is bounded', async () => {
  const environment = await double('ollama')
  expect(await describeModel(environment, 'ollama/qwen3:8b')).toMatchObject({
    ok: true,
    description: { hasTools: true, contextWindow: 32_768, price: { input: 0, output: 0 } },
  })
  expect(await describeModel({ ...environment, OLLAMA_CONTEXT_TOKENS: '100000' }, 'ollama/qwen3:8b')).toMatchObject({
    ok: true,
    description: { contextWindow: 40_960 },
  })
  expect(await describeModel(environment, 'ollama/gemma:2b')).toMatchObject({
    ok: true,
    description: { hasTools: false, contextWindow: 8_192 },
  })
  expect(await describeModel(environment, 'ollama/missing')).toMatchObject({
    ok: false,
    message: expect.stringContaining('ollama pull missing'),
  })
  expect(await describeModel(NOBODY, 'ollama/qwen3:8b')).toMatchObject({ ok: false, message: expect.stringContaining('ollama serve') })
})

test('Ollama is asked once per model, because its context must not change within a session', async () => {
  const environment = await double('ollama')
  const port = openModels(settings(environment))
  expect(await port.describe('ollama/qwen3:8b')).toEqual(await port.describe('ollama/qwen3:8b'))
  expect(doubles[0]?.seen).toEqual(['POST /api/show 200'])
})

test('a script is described as scripted and free; a wrong one lists its mistakes', async () => {
  expect(await describeModel({}, 'scripted/good.yaml')).toMatchObject({
    ok: true,
    description: { isScripted: true, hasTools: true, price: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } },
  })
  const bad = await describeModel({}, 'scripted/bad.yaml')
  expect(bad.ok ? '' : bad.message).toMatch(/speed: .*\n {2}steps\.0: .*says.*\n {2}steps\.1\.tool_calls\.0\.name: /)
  expect(await describeModel({}, 'scripted/none.yaml')).toMatchObject({ ok: false, message: expect.stringContaining('cannot be read') })
  expect(await describeModel({}, 'scripted/../../etc/passwd')).toMatchObject({
    ok: false,
    message: expect.stringContaining('must end in .yaml'),
  })
})

test('the default is the first provider with a key, then an Ollama model that has tools, then nothing', async () => {
  expect(await defaultModel(settings({ GOOGLE_GENERATIVE_AI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' }))).toMatch(/^anthropic\//)
  expect(await defaultModel(settings({ GOOGLE_GENERATIVE_AI_API_KEY: 'k' }))).toMatch(/^google\//)
  expect(await defaultModel(settings({ OPENAI_API_KEY: 'k' }))).toMatch(/^openai\//)
  expect(await defaultModel(settings(await double('ollama')))).toBe('ollama/qwen3:8b')
  const startedAt = performance.now()
  expect(await defaultModel(settings({}))).toBeNull()
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})

test('every default model is in the price book', async () => {
  const all = { ANTHROPIC_API_KEY: 'k', OPENAI_API_KEY: 'k', GOOGLE_GENERATIVE_AI_API_KEY: 'k' }
  for (const model of Object.values(usualModels).flatMap(({ main, cheap }) => [main, cheap])) {
    const described = await describeModel(all, model)
    expect(described.ok && described.description.price !== null, `${model}`).toBe(true)
  }
})

test('providers are listed with what they still need', () => {
  expect(listProviders(settings({ OPENAI_API_KEY: 'k' })).map(({ provider, isReady }) => `${provider} ${isReady}`)).toEqual([
    'anthropic false',
    'openai true',
    'openai-compatible false',
    'google false',
    'ollama true',
    'scripted true',
  ])
})

test.each<[api: ModelApi, good: string, bad: string | null]>([
  ['anthropic', 'anthropic/claude-sonnet-4-5', 'anthropic/nonsense'],
  ['openai-responses', 'openai/gpt-5', 'openai/nonsense'],
  ['openai-chat', 'openai-compatible/anything', null],
  ['google', 'google/gemini-2.5-pro', 'google/nonsense'],
])('doctor tells a good key, a bad key and an unknown model apart at %s', async (api, good, bad) => {
  const environment = await double(api)
  const keyName = Object.keys(environment).find((name) => name.endsWith('_KEY')) ?? ''
  expect(await probeModel(settings(environment), good)).toMatchObject({ ok: true })
  const refused = await probeModel(settings({ ...environment, [keyName]: 'wrong-key-wrong-key' }), good)
  expect(refused).toMatchObject({ ok: false, problem: 'bad-key', message: expect.stringContaining(keyName) })
  expect(JSON.stringify(refused)).not.toContain('wrong-key-wrong-key')
  if (bad !== null) expect(await probeModel(settings(environment), bad)).toMatchObject({ ok: false, problem: 'unknown-model' })
})

test('doctor names every other cause', async () => {
  const problem = async (environment: Record<string, string>, model: string) => {
    const probe = await probeModel(settings(environment), model)
    return probe.ok ? 'ok' : probe.problem
  }
  const ollama = await double('ollama')
  expect(await problem({}, 'nobody/x')).toBe('unknown-provider')
  expect(await problem({}, 'openai/gpt-5')).toBe('missing-key')
  expect(await problem({ OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://127.0.0.1:1' }, 'openai/gpt-5')).toBe('unreachable')
  expect(await problem({}, 'ollama/qwen3:8b')).toBe('unreachable')
  expect(await problem(ollama, 'ollama/gemma:2b')).toBe('no-tools')
  expect(await problem(ollama, 'ollama/qwen3:8b')).toBe('ok')
  expect(await problem({}, 'scripted/bad.yaml')).toBe('bad-script')
  expect(await problem({}, 'scripted/good.yaml')).toBe('ok')
})

import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventBody } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type Json, type TestApi } from '../testing/test-api.ts'
import { message } from '../testing/test-store.ts'

let api: TestApi
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-workbench-'))
  api = await openTestApi({ environment: { SLIPWAY_MODEL: 'anthropic/claude-sonnet-4-5', ANTHROPIC_API_KEY: 'sk-ant-test-0000' } })
})
afterAll(async () => {
  await api.close()
  await rm(folder, { recursive: true })
})

const get = async (path: string): Promise<Json> => (await api.call('GET', `/api/v1${path}`)).body

function modelCall(callId: string, costMicros: number): EventBody[] {
  const usage = { inputTokens: 1_000, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 50, reasoningTokens: 0 }
  const model = 'anthropic/claude-sonnet-4-5'
  return [
    { type: 'model-requested', callId, role: 'code', model, attempt: 1, promptSha: '', reservedMicros: 0, forCallId: null },
    { type: 'model-responded', callId, content: [], finish: 'stop', usage, costMicros, priceBook: 'x', firstTokenMs: 1, ms: 2 },
  ]
}

const finished: EventBody = { type: 'session-finished', outcome: 'verified', summary: '' }
const role = { model: 'anthropic/claude-sonnet-4-5', effort: null, fallback: null }
const roles = { plan: role, code: role, explore: role, summarise: role, title: role }

test('branches are those of the repository, and a wrong one says what to do', async () => {
  execFileSync('git', ['init', '-q', '-b', 'trunk', folder])
  const commit = ['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-q', '--allow-empty', '-m', 'x']
  execFileSync('git', ['-C', folder, ...commit])
  execFileSync('git', ['-C', folder, 'branch', 'feature/dial'])
  expect(await get(`/repositories/branches?repository=${encodeURIComponent(folder)}`)).toEqual({
    defaultBranch: 'trunk',
    branches: ['feature/dial', 'trunk'],
  })
  const missing = await api.call('GET', '/api/v1/repositories/branches?repository=/nowhere/at/all')
  expect([missing.status, missing.body.error.message]).toEqual([400, expect.stringContaining('/nowhere/at/all')])
})

test('an estimate comes from the price of typical sessions, then from one’s own', async () => {
  const ask = () => get('/estimate?model=anthropic/claude-sonnet-4-5')
  const typical = await ask()
  expect(typical).toMatchObject({ basis: 'typical', sessions: 0 })
  expect([typical.lowMicros > 10_000, typical.lowMicros < typical.highMicros]).toEqual([true, true])
  for (const cost of [10, 20, 30, 40, 50]) {
    const id = await api.db.create({ roles })
    await api.db.append(id, [...modelCall(`c${cost}`, cost * 1_000), finished])
  }
  expect(await ask()).toEqual({ basis: 'history', lowMicros: 20_000, highMicros: 40_000, sessions: 5 })
  expect((await get('/estimate?model=ollama/qwen3')).basis).toBe('free')
  expect((await get('/estimate?model=openai-compatible/what')).basis).toBe('unknown')
})

test('usage is broken down by day, repository and model, and nobody else’s counts', async () => {
  const other = await api.db.create({ ownerId: 'somebody else', roles })
  await api.db.append(other, [...modelCall('foreign', 9_000_000), finished])
  const usage = await get('/usage/breakdown?days=7')
  expect(usage.total).toMatchObject({ sessions: 5, verified: 5, failed: 0, costMicros: 150_000, inputTokens: 5_000, outputTokens: 250 })
  const medianMs = expect.any(Number)
  expect(usage.byDay).toMatchObject([{ sessions: 5, verified: 5, failed: 0, costMicros: 150_000, medianMs }])
  expect(usage.byRepository).toMatchObject([{ repository: '/srv/clock', sessions: 5, costMicros: 150_000 }])
  expect(usage.byModel).toEqual([
    {
      model: 'anthropic/claude-sonnet-4-5',
      calls: 5,
      failedCalls: 0,
      sessions: 5,
      verified: 5,
      failed: 0,
      costMicros: 150_000,
      inputTokens: 5_000,
      outputTokens: 250,
      medianMs,
    },
  ])
  expect((await get('/repositories')).repositories).toMatchObject([{ url: '/srv/clock', sessions: 5 }])
})

test('models to choose from: the default first, and what is missing said', async () => {
  const { models } = await get('/models/choices')
  expect(models[0]).toMatchObject({ model: 'anthropic/claude-sonnet-4-5', isDefault: true, isReady: true, hasTools: true, hasPrice: true })
  expect(models.find((choice: Json) => choice.provider === 'openai')).toMatchObject({ isReady: false, need: 'OPENAI_API_KEY' })
  const checked = await api.call('POST', '/api/v1/models/check', { model: 'openai/gpt-5.1' })
  expect(checked.body).toEqual({ isOk: false, message: expect.stringContaining('OPENAI_API_KEY') })
})

test('a limit of one’s own is set, shown with what was spent, and removed', async () => {
  const { budgets } = (await api.call('PUT', '/api/v1/budgets', { period: 'month', limitUsd: 12.5 })).body
  expect(budgets).toContainEqual({ scope: 'owner', period: 'month', limitMicros: 12_500_000, spentMicros: expect.any(Number) })
  expect((await api.call('PUT', '/api/v1/budgets', { period: 'month', limitUsd: null })).body.budgets).toEqual([])
  expect((await api.call('PUT', '/api/v1/budgets', { period: 'week', limitUsd: 1 })).status).toBe(400)
})

test('safety says what is allowed, what was asked for and what was blocked', async () => {
  const id = await api.db.create({ autonomy: 'plan' })
  const denied = {
    type: 'egress-decided',
    host: 'evil.example',
    port: 443,
    decision: 'denied',
    reason: 'not allowed',
    phase: 'agent',
  } as const
  await api.db.append(id, [message('x'), { ...denied, count: 2 }, { ...denied, count: 3 }])
  const safety = await get(`/sessions/${id}/safety`)
  expect(safety.network.blocked).toEqual([{ host: 'evil.example', port: 443, phase: 'agent', reason: 'not allowed', count: 5 }])
  expect(safety.gates).toContainEqual({ effect: 'Push and change request', decision: 'ask', reason: 'It leaves the sandbox.' })
  expect(safety.meaning).toContain('waits for your yes')
})

test('the doctor’s findings are told', async () => {
  const report = await get('/doctor')
  expect(report.findings.map((finding: Json) => finding.name)).toEqual(expect.arrayContaining(['Node', 'git', 'Home']))
})

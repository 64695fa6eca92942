// Plans through the API, with the keeper that works on them beside it: a real database and real git; the model plays a script,
// and Notion is a double. Sessions are not driven; a test says how they end.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openModels } from '@slipway/agent/model/open-models'
import type { Outcome, SessionEvent } from '@slipway/core/events'
import { type NotionDouble, startNotionDouble } from '../../../../e2e/doubles/notion/start-notion-double.ts'
import { makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import type { Plan } from '../contract/plan-routes.ts'
import { openNotionQueue, type NotionQueue } from '../notion/notion-queue.ts'
import { openPlanKeeper, type PlanKeeper } from '../plans/open-plan-keeper.ts'
import { openOutside } from '../runtime/open-outside.ts'
import { type Json, openTestApi, type TestApi } from './test-api.ts'

export interface TestPlans {
  api: TestApi
  notion: NotionDouble
  queue: NotionQueue
  /** A repository with a README.md. */
  repository: string
  /** A model that plays these steps. */
  script(steps: Json[]): Promise<string>
  /** Begins to work; a second one works as another process would. */
  keep(): PlanKeeper
  create(body: Json, headers?: Record<string, string>): Promise<Plan>
  show(id: string): Promise<Plan>
  send(method: string, path: string, body?: Json): Promise<{ status: number; body: Json }>
  /** Throws with the plan and what was logged when it does not come. */
  until(id: string, holds: (plan: Plan) => boolean): Promise<Plan>
  events(sessionId: string): Promise<SessionEvent[]>
  /** As if the session had been worked on. */
  finish(sessionId: string, outcome: Outcome, pushed?: { branch: string }): Promise<void>
  close(): Promise<void>
}

const patienceMs = 60_000

export const NOTION_TOKEN = 'ntn_plans-0001'

export async function openTestPlans(environment: Record<string, string> = {}): Promise<TestPlans> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-plans-'))
  const repository = join(folder, 'clock')
  await makeRepository(repository)
  const notion = await startNotionDouble({ token: NOTION_TOKEN })
  const logs: string[] = []
  const api = await openTestApi({
    logs,
    environment: {
      NOTION_API_URL: notion.url,
      NOTION_TOKEN,
      SLIPWAY_NOTION_POLL_SECONDS: '1',
      SLIPWAY_LEASE_SECONDS: '3',
      OPENAI_API_KEY: 'sk-of-nobody-0001',
      OPENAI_BASE_URL: 'http://127.0.0.1:9/v1',
      ...environment,
    },
    ports: (settings, accounts) => {
      const clock = { now: Date.now, sleep: async () => undefined }
      const ids = { next: () => 'none' }
      const { forges, repositories } = openOutside({ settings, clock, ids, sandboxes: none, accounts })
      return { model: openModels(settings.models), forges, repositories }
    },
  })
  const queue = openNotionQueue(api.runtime, api.notion, { pollMs: 0, isLooking: false })
  const keepers: PlanKeeper[] = []
  let scripts = 0

  const show = async (id: string): Promise<Plan> => (await send('GET', `/${id}`)).body
  const send = (method: string, path: string, body?: Json) => api.call(method, `/api/v1/plans${path}`, body)
  return {
    api,
    notion,
    queue,
    repository,
    async script(steps) {
      await mkdir(join(folder, 'scripts'), { recursive: true })
      const file = join(folder, 'scripts', `${++scripts}.yaml`)
      await writeFile(file, JSON.stringify({ name: 'plan', steps }))
      return `scripted/${file}`
    },
    keep() {
      const keeper = openPlanKeeper(api.runtime, api.notion, { lookEveryMs: 50 })
      keepers.push(keeper)
      return keeper
    },
    async create(body, headers) {
      const { status, body: plan } = await api.call('POST', '/api/v1/plans', body, headers)
      if (status !== 201) throw new Error(`the plan was answered with ${status}: ${JSON.stringify(plan)}`)
      return plan
    },
    show,
    send,
    async until(id, holds) {
      const deadline = performance.now() + patienceMs
      for (;;) {
        const plan = await show(id)
        if (holds(plan)) return plan
        if (performance.now() > deadline)
          throw new Error(`what was waited for did not come: ${holds}\n${JSON.stringify(plan)}\n${logs.slice(-40).join('')}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
    events: (sessionId) => api.db.store.log.read({ sessionId, after: 0 }),
    async finish(sessionId, outcome, pushed) {
      if (pushed)
        await api.db.append(sessionId, [
          { type: 'change-request-opened', number: 1, url: '', branch: pushed.branch, base: 'main', draft: false, alreadyThere: false },
        ])
      await api.db.append(sessionId, [{ type: 'session-finished', outcome, summary: 'It is done.' }])
    },
    async close() {
      for (const keeper of keepers) await keeper.close()
      await queue.close()
      await api.close()
      await notion.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Nothing here opens a sandbox. */
const none = {} as Parameters<typeof openOutside>[0]['sandboxes']

export const requirements = {
  title: 'A clock that is right',
  goal: 'The clock shows the right time.',
  scope: { included: ['the clock'], excluded: ['the alarm'] },
  acceptanceCriteria: ['`npm test` passes'],
  constraints: ['no new packages'],
  openQuestions: ['Which time zone?'],
}

export const task = (key: string, dependsOn: string[] = [], more: Json = {}) => ({
  key,
  title: `Task ${key}`,
  description: `Do what ${key} says.`,
  files: ['README.md'],
  dependsOn,
  size: 'small',
  minutes: { low: 5, high: 15 },
  ...more,
})

export const says = {
  requirements: { tool_calls: [{ name: 'write_requirements', input: requirements }] },
  tasks: (tasks: Json[]) => ({ tool_calls: [{ name: 'write_tasks', input: { tasks } }] }),
}

// The product as it is deployed: a process that answers requests, another one that works, their database, and a model's provider.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionEvent } from '@slipway/core/events'
import { openCliHome } from '../../../apps/cli/src/testing/cli-process.ts'
import type { Brain } from '../../doubles/models/brain.ts'
import { environmentFor } from '../../doubles/models/environment.ts'
import { startModelDouble } from '../../doubles/models/server.ts'

export interface Server {
  port: number
  token: string
  /** Starts a session and returns its id. */
  create(task: string): Promise<string>
  say(sessionId: string, text: string): Promise<void>
  /** The log as it is stored. */
  events(sessionId: string): Promise<SessionEvent[]>
  /** How many viewers left for this reason so far. */
  viewersLeft(reason: string): Promise<number>
  close(): Promise<void>
}

/** Starts everything on loopback. */
export async function openServer(brain: Brain): Promise<Server> {
  const cli = await openCliHome()
  const model = await startModelDouble({ api: 'anthropic', brain })
  const { variables, model: modelName } = environmentFor('anthropic', model)
  const settings = { ...variables, PORT: '0', SLIPWAY_MODEL: modelName, SLIPWAY_SANDBOX: 'bubblewrap', SLIPWAY_DAILY_BUDGET_USD: '1000000' }
  const api = cli.start(['up'], { ...settings, SLIPWAY_ROLE: 'api' })
  await api.until(/http:\/\/127\.0\.0\.1:\d+/)
  const base = /http:\/\/127\.0\.0\.1:\d+/.exec(api.stdout() + api.stderr())?.[0] ?? ''
  const worker = cli.start(['worker'], settings)
  const token = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()

  async function ask(path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await fetch(`${base}/api/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 500)}`)
    return (await answer.json()) as Record<string, unknown>
  }

  return {
    port: Number(new URL(base).port),
    token,
    create: async (task) => String((await ask('/sessions', { task, repository: cli.repository, autonomy: 'auto', title: task }))['id']),
    say: async (sessionId, text) => void (await ask(`/sessions/${sessionId}/messages`, { text, mode: 'queue' })),
    async events(sessionId) {
      const events: SessionEvent[] = []
      for (;;) {
        const page = (await ask(`/sessions/${sessionId}/events?after=${events.length}&limit=100`))['events'] as SessionEvent[]
        if (page.length === 0) return events
        events.push(...page)
      }
    },
    async viewersLeft(reason) {
      const metrics = await (await fetch(`${base}/metrics`)).text()
      return Number(new RegExp(`^slipway_viewers_left_total\\{reason="${reason}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0)
    },
    async close() {
      for (const run of [worker, api]) run.child.kill('SIGTERM')
      await Promise.all([worker.exited, api.exited])
      await model.close()
      await cli.close()
    },
  }
}

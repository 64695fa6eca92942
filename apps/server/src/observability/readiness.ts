// Whether this process can do its work now, and if not, which part of it cannot.

import type { Sandboxes } from '@slipway/core/ports'
import type { Store } from '@slipway/store/store'
import type { Worker } from '../worker/worker.ts'

export interface Check {
  ok: boolean
  message: string
}
export interface Readiness {
  ready: boolean
  checks: Record<'database' | 'queue' | 'sandbox', Check>
}

export interface ReadinessInput {
  store: Store
  sandboxes: Pick<Sandboxes, 'selfTests'>
  /** null: sessions are worked on elsewhere, so this process needs no sandbox. */
  worker(): Worker | null
  now(): number
}

const PATIENCE_MS = 3_000
const LONGEST_SILENCE_MS = 15_000
/** Self-tests start sandboxes; a probe each second must not. */
const SANDBOX_ANSWER_MS = 30_000

/** The returned function never throws and answers within a few seconds. */
export function openReadiness({ store, sandboxes, worker, now }: ReadinessInput): () => Promise<Readiness> {
  let tested: { at: number; check: Promise<Check> } | null = null

  async function database(): Promise<Check> {
    await store.database.pool.query('select 1')
    return { ok: true, message: store.database.isEmbedded ? 'embedded PostgreSQL answers' : 'PostgreSQL answers' }
  }

  async function queue(): Promise<Check> {
    await store.bus.ready()
    const { due } = await store.leases.sweep()
    const working = worker()
    if (working === null) return { ok: true, message: `${due} sessions due; workers run elsewhere` }
    const silentMs = now() - (working.lastLookAt() ?? 0)
    if (silentMs > LONGEST_SILENCE_MS) return { ok: false, message: 'the worker has not looked for work lately' }
    return { ok: true, message: `${due} sessions due, ${working.active().length} being worked on` }
  }

  async function sandbox(): Promise<Check> {
    const tests = await sandboxes.selfTests()
    const best = tests.find((test) => test.ok)
    return best
      ? { ok: true, message: `${best.backend} passed its self-test` }
      : { ok: false, message: 'no sandbox backend passed its self-test; `slipway doctor` says why' }
  }

  function testedSandbox(): Promise<Check> {
    if (worker() === null) return Promise.resolve({ ok: true, message: 'not needed: workers run elsewhere' })
    if (tested === null || now() - tested.at > SANDBOX_ANSWER_MS) tested = { at: now(), check: guarded(sandbox()) }
    return tested.check
  }

  return async () => {
    const [first, second, third] = await Promise.all([guarded(database()), guarded(queue()), testedSandbox()])
    const checks = { database: first, queue: second, sandbox: third }
    return { ready: first.ok && second.ok && third.ok, checks }
  }
}

/** The reason is for people who may not read the log: no detail that could hold an address or a name. */
async function guarded(check: Promise<Check>): Promise<Check> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<Check>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, message: `no answer within ${PATIENCE_MS / 1_000} s` }), PATIENCE_MS)
  })
  try {
    return await Promise.race([check, late])
  } catch {
    return { ok: false, message: 'does not answer; the log has the details' }
  } finally {
    clearTimeout(timer)
  }
}

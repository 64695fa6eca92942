// Puts the parts together, once, for the server, the workers and the command line alike.
// What is heavy or touches the machine (model clients, sandboxes) is opened when it is first needed.

import type { Logger } from 'pino'
import type { Accounts } from '@slipway/core/accounts'
import type { ModelPort, Ports, Sandboxes } from '@slipway/core/ports'
import type { Store } from '@slipway/store/store'
import { type AccountParts, openAccountParts } from './connections/open-account-parts.ts'
import { openLogger } from './observability/logger.ts'
import { openStoreFor } from './open-store-for.ts'
import { systemClock } from './runtime/clock.ts'
import { openGrowingGuard } from './runtime/growing-guard.ts'
import { guardModel, guardStore } from './runtime/guard-ports.ts'
import { openIds } from './runtime/ids.ts'
import { lazily } from './runtime/lazily.ts'
import { liveSandboxes, type LiveSandboxes } from './runtime/live-sandboxes.ts'
import { openOutside } from './runtime/open-outside.ts'
import { homeSecrets } from './runtime/home-secrets.ts'
import { secretsOf } from './runtime/secrets-of.ts'
import type { Settings } from './settings.ts'
import { workerName } from './worker/worker-name.ts'
import { openDeltaMemory, type DeltaMemory } from './stream/delta-memory.ts'

export interface Runtime {
  settings: Settings
  store: Store
  ports: Ports
  sandboxes: Sandboxes
  /** Those in which the agent works now, in this process. */
  live: LiveSandboxes
  deltas: DeltaMemory
  logger: Logger
  /** People's accounts at other services, with tokens that work. */
  accounts: Accounts
  accountParts: AccountParts
  /** Name of this process among the workers. */
  workerId: string
  /** Ends sandboxes, then closes the store. Closing twice is fine. */
  close(): Promise<void>
}

export interface RuntimeOptions {
  /** PATH and what the sandboxes read of it; default: that of this process. */
  environment?: Record<string, string | undefined>
  logger?: Logger
  /** For processes that stay: a sandbox is kept ready for the next session. */
  keepsSpareSandbox?: boolean
  /** Begun before the rest was ready; default: opened here. */
  store?: Promise<Store>
}

/** A machine that comes up starts its database and Slipway at the same time. */
const databasePatienceMs = 30_000

/** Throws SlipwayError that says what to do when the database cannot be had: at once, or after a while in processes that stay. */
export async function openRuntime(settings: Settings, options: RuntimeOptions = {}): Promise<Runtime> {
  const { environment = process.env } = options
  const clock = systemClock
  const { guard, redact, learn } = openGrowingGuard([...secretsOf(settings), ...(await homeSecrets(settings.home))])
  const logger = options.logger ?? openLogger({ level: settings.logLevel, redact })
  const patience = {
    patienceMs: options.keepsSpareSandbox ? databasePatienceMs : 0,
    onAway: (message: string) => logger.warn(`${redact(message)} Trying for ${databasePatienceMs / 1000} seconds.`),
  }
  const store = guardStore(await (options.store ?? openStoreFor(settings, patience)), guard)
  const people = openAccountParts({ settings, database: store.database, clock, logger, learn })
  const sandboxes = lazily(async () =>
    (await import('./runtime/open-machine-sandboxes.ts')).openMachineSandboxes({
      settings,
      environment,
      clock,
      keepsSpare: options.keepsSpareSandbox ?? false,
    }),
  )
  const model = lazily(async () => (await import('@slipway/agent/model/open-models')).openModels(settings.models))
  const ids = openIds(clock)
  const outside = openOutside({ settings, clock, ids, sandboxes: lazySandboxes(sandboxes), accounts: people.accounts })
  const live = liveSandboxes(outside.workspaces)
  const { log, blobs, bus, budgets, effects } = store
  const deltas = openDeltaMemory(bus, { read: log.read })
  let closing: Promise<void> | null = null
  return {
    settings,
    store,
    ports: {
      clock,
      ids,
      log,
      blobs,
      bus,
      budgets,
      effects,
      model: guardModel(lazyModel(model), guard),
      ...outside,
      workspaces: live.workspaces,
    },
    sandboxes: lazySandboxes(sandboxes),
    live,
    deltas,
    logger,
    accounts: people.accounts,
    accountParts: people,
    workerId: workerName(ids.next()),
    close: () => (closing ??= close()),
  }

  async function close(): Promise<void> {
    deltas.close()
    await sandboxes.ifOpen((open) => open.close())
    await store.close()
  }
}

/** For processes that drive sessions: the last one to start says how much all of them may spend in a day. */
export async function applyDailyBudget({ store, settings }: Pick<Runtime, 'store' | 'settings'>): Promise<void> {
  await store.budgets.setLimit({ scope: 'installation', scopeId: 'installation', period: 'day', limitMicros: settings.dailyBudgetMicros })
}

type Lazy<Part> = ReturnType<typeof lazily<Part>>

function lazyModel(model: Lazy<ModelPort>): ModelPort {
  return {
    describe: async (name) => (await model.get()).describe(name),
    call: async (request, hooks) => (await model.get()).call(request, hooks),
  }
}

function lazySandboxes(sandboxes: Lazy<Sandboxes>): Sandboxes {
  return {
    selfTests: async () => (await sandboxes.get()).selfTests(),
    create: async (backend, spec) => (await sandboxes.get()).create(backend, spec),
    warmUp: (backend) =>
      void sandboxes
        .get()
        .then((open) => open.warmUp(backend))
        .catch(() => undefined),
    reap: async (findOrphans) => (await sandboxes.get()).reap(findOrphans),
    copyCheckpoints: async (input) => (await sandboxes.get()).copyCheckpoints(input),
    readCheckpoint: async (input) => (await sandboxes.get()).readCheckpoint(input),
    close: () => sandboxes.ifOpen((open) => open.close()),
  }
}

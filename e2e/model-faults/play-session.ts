// One session in one process: the real loop and the real model adapter over HTTP, a provider's double, everything else in memory.

import { drive, type DriveEnd } from '@slipway/agent/drive'
import { openModels } from '@slipway/agent/model/open-models'
import { DEFAULT_DEADLINES, modelSettingsFrom, type ModelDeadlines } from '@slipway/agent/model/settings'
import { memoryWorld, type World } from '@slipway/agent/testing/memory-ports'
import type { EventOf, EventType, Limits } from '@slipway/core/events'
import { replay } from '@slipway/core/reduce'
import type { SessionState } from '@slipway/core/state'
import { created } from '@slipway/core/testing/log-builder'
import type { Brain, ModelApi } from '../doubles/models/brain.ts'
import { environmentFor } from '../doubles/models/environment.ts'
import { startModelDouble, type ModelDouble } from '../doubles/models/server.ts'
import { jumpingClock, type JumpingClock } from './jumping-clock.ts'

export const APIS: ModelApi[] = ['anthropic', 'openai-responses', 'openai-chat', 'google', 'ollama']

/** Reading them makes a conversation long. */
export const LONG_FILES = ['long-0.txt', 'long-1.txt', 'long-2.txt']

export interface Stage {
  world: World
  clock: JumpingClock
  model: string
  fallback: string | null
  double: ModelDouble
  fallbackDouble: ModelDouble | null
  /** Drives until the session rests, as a worker with a new lease does. */
  drive(signal?: AbortSignal): Promise<DriveEnd>
  /** Waits for answers as long as the product does, from the next call on. */
  bePatient(): void
  state(): SessionState
  bodies<Type extends EventType>(type: Type): EventOf<Type>[]
  close(): Promise<void>
}

export interface StageOptions {
  deadlines?: Partial<ModelDeadlines>
  /** Another provider that takes over. */
  fallback?: { api: ModelApi; brain: Brain }
  /** Instead of the model that `environmentFor` names. */
  model?: string
  limits?: Partial<Limits>
}

/** A new session whose model is `api`'s double, answering by `brain`. */
export async function openStage(api: ModelApi, brain: Brain, options: StageOptions = {}): Promise<Stage> {
  const double = await startModelDouble({ api, brain })
  const fallbackDouble = options.fallback ? await startModelDouble(options.fallback) : null
  const own = environmentFor(api, double)
  const other = options.fallback && fallbackDouble ? environmentFor(options.fallback.api, fallbackDouble) : null
  const settings = modelSettingsFrom({ ...other?.variables, ...own.variables }, '/')
  settings.deadlines = { ...DEFAULT_DEADLINES, ...options.deadlines }
  const models = openModels(settings)
  const clock = jumpingClock()
  const model = options.model ?? own.model
  const role = { model, effort: 'low' as const, fallback: other?.model ?? null }
  const world = memoryWorld(() => Promise.reject(new Error('the model is asked over HTTP')), {
    roles: { plan: role, code: role, explore: role, summarise: role, title: role },
    limits: { ...created.limits, ...options.limits },
  })
  for (const name of LONG_FILES) world.files.set(name, 'A line of some length in a long file.\n'.repeat(800))
  world.ports.clock = clock
  world.ports.model = {
    describe: (name) => models.describe(name),
    call: (request, hooks) => clock.hold(() => models.call(request, hooks)),
  }
  return {
    world,
    clock,
    model,
    fallback: other?.model ?? null,
    double,
    fallbackDouble,
    drive: (signal = new AbortController().signal) => drive(world.takeOver(), world.ports, signal),
    bePatient: () => void (settings.deadlines = DEFAULT_DEADLINES),
    state: () => replay(world.events),
    bodies: <Type extends EventType>(type: Type) => world.events.flatMap(({ body }) => (body.type === type ? [body as EventOf<Type>] : [])), // the type was just compared
    async close() {
      await double.close()
      await fallbackDouble?.close()
    },
  }
}

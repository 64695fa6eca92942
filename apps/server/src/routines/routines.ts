// Routines: a task, when it is due, and whether it is paused. A due routine becomes a session like any other.

import type { Ports } from '@slipway/core/ports'
import { openSchedules, type DueTick, type Schedule, type Schedules } from '@slipway/store/schedules'
import { z } from 'zod'
import type { CreateRoutineBody, Routine } from '../contract/routine-routes.ts'
import { createSessionBody } from '../contract/session-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { createSession } from '../intake/create-session.ts'
import type { Runtime } from '../runtime.ts'

export interface Routines {
  create(wanted: CreateRoutineBody): Promise<Routine>
  list(): Promise<Routine[]>
  setPaused(id: string, isPaused: boolean): Promise<Routine>
  delete(id: string): Promise<void>
  close(): Promise<void>
}

const stored = z.object({ name: z.string(), session: createSessionBody, isPaused: z.boolean(), createdAt: z.string() })

/** Begins to look for due routines. */
export async function openRoutines({
  store,
  ports,
  settings,
  logger,
}: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>): Promise<Routines> {
  const schedules = await openSchedules({
    database: store.database,
    onDue: (tick) => begin(tick),
    onError: (error) => logger.error({ err: error }, 'routines'),
  })

  async function begin(tick: DueTick): Promise<void> {
    const routine = stored.safeParse(tick.data)
    if (!routine.success || routine.data.isPaused) return
    const { sessionId, isNew } = await createSession(
      { ...ports, settings },
      // The tick's id makes a repeated delivery find the session that the first one made.
      { request: routine.data.session, source: 'routine', folder: null, idempotencyKey: `routine ${tick.tickId}`, wake: 'now' },
    )
    logger.info({ sessionId, isNew, routine: tick.key }, 'routine began')
  }

  return {
    create: (wanted) => create(schedules, ports, wanted),
    list: () => list(schedules),
    async setPaused(id, isPaused) {
      const schedule = await find(schedules, id)
      const changed = { ...schedule, data: { ...schedule.data, isPaused } }
      await set(schedules, changed)
      return routineOf(changed)
    },
    async delete(id) {
      await find(schedules, id)
      await schedules.remove(id)
    },
    close: () => schedules.close(),
  }
}

async function create(schedules: Schedules, { ids, clock }: Pick<Ports, 'ids' | 'clock'>, wanted: CreateRoutineBody): Promise<Routine> {
  const { name, cron, timeZone, session } = wanted
  const data = { name, session, isPaused: false, createdAt: new Date(clock.now()).toISOString() }
  const schedule = { key: ids.next(), cron, timeZone, data }
  await set(schedules, schedule)
  return routineOf(schedule)
}

async function list(schedules: Schedules): Promise<Routine[]> {
  const all = await schedules.list()
  return all
    .filter((schedule) => stored.safeParse(schedule.data).success)
    .map(routineOf)
    .sort((a, b) => a.id.localeCompare(b.id))
}

async function find(schedules: Schedules, id: string): Promise<Schedule> {
  const found = (await schedules.list()).find((schedule) => schedule.key === id)
  if (found === undefined)
    throw new SlipwayError('not-found', `There is no routine ${id.slice(0, 40)}. \`slipway routines list\` lists those you have.`)
  return found
}

async function set(schedules: Schedules, schedule: Schedule): Promise<void> {
  const result = await schedules.set(schedule)
  if (!result.ok) throw new SlipwayError('usage', result.message)
}

function routineOf({ key, cron, timeZone, data }: Schedule): Routine {
  return { id: key, cron, timeZone, ...stored.parse(data) }
}

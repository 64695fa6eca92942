// Routines: a task, when it is due, and whether it is paused. A due routine becomes a session like any other.

import { openSchedules, type DueTick, type Schedule, type Schedules } from '@slipway/store/schedules'
import { z } from 'zod'
import type { Asker, LogPorts } from '../actions/access.ts'
import { createPeople } from '../auth/people.ts'
import { LOCAL_OWNER } from '../auth/person.ts'
import type { CreateRoutineBody, Routine } from '../contract/routine-routes.ts'
import { createSessionBody } from '../contract/session-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { createSession } from '../intake/create-session.ts'
import type { Runtime } from '../runtime.ts'

export interface Routines {
  create(person: Asker, wanted: CreateRoutineBody): Promise<Routine>
  list(person: Asker): Promise<Routine[]>
  setPaused(person: Asker, id: string, isPaused: boolean): Promise<Routine>
  delete(person: Asker, id: string): Promise<void>
  close(): Promise<void>
}

/** Routines of before there was sign-in belong to whoever can read the home folder. */
const local: Asker = { id: LOCAL_OWNER, ownerId: LOCAL_OWNER }
const stored = z.object({
  name: z.string(),
  session: createSessionBody,
  isPaused: z.boolean(),
  createdAt: z.string(),
  owner: z.object({ id: z.string(), ownerId: z.string() }).default(local),
})

/** Begins to look for due routines. */
export async function openRoutines({
  store,
  ports,
  settings,
  logger,
}: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>): Promise<Routines> {
  const people = createPeople(store.database.pool)
  const schedules = await openSchedules({
    database: store.database,
    onDue: (tick) => begin(tick),
    onError: (error) => logger.error({ err: error }, 'routines'),
  })

  async function begin(tick: DueTick): Promise<void> {
    const routine = stored.safeParse(tick.data)
    if (!routine.success || routine.data.isPaused) return
    if (!(await people.mayWork(routine.data.owner.ownerId))) {
      logger.warn({ routine: tick.key }, 'routine left out: its owner may not start sessions any more')
      return
    }
    const { sessionId, isNew } = await createSession(
      { ...ports, settings, person: routine.data.owner },
      // The tick's id makes a repeated delivery find the session that the first one made.
      { request: routine.data.session, source: 'routine', folder: null, idempotencyKey: `routine ${tick.tickId}`, wake: 'now' },
    )
    logger.info({ sessionId, isNew, routine: tick.key }, 'routine began')
  }

  return {
    create: (person, wanted) => create(schedules, { ...ports, person }, wanted),
    list: (person) => list(schedules, person),
    async setPaused(person, id, isPaused) {
      const schedule = await find(schedules, person, id)
      const changed = { ...schedule, data: { ...schedule.data, isPaused } }
      await set(schedules, changed)
      return routineOf(changed)
    },
    async delete(person, id) {
      await find(schedules, person, id)
      await schedules.remove(id)
    },
    close: () => schedules.close(),
  }
}

async function create(
  schedules: Schedules,
  { ids, clock, person }: Pick<LogPorts, 'ids' | 'clock' | 'person'>,
  wanted: CreateRoutineBody,
): Promise<Routine> {
  const { name, cron, timeZone, session } = wanted
  const data = {
    name,
    session,
    isPaused: false,
    createdAt: new Date(clock.now()).toISOString(),
    owner: { id: person.id, ownerId: person.ownerId },
  }
  const schedule = { key: ids.next(), cron, timeZone, data }
  await set(schedules, schedule)
  return routineOf(schedule)
}

async function list(schedules: Schedules, person: Asker): Promise<Routine[]> {
  const all = await schedules.list()
  return all
    .filter((schedule) => isOf(schedule, person))
    .map(routineOf)
    .sort((a, b) => a.id.localeCompare(b.id))
}

async function find(schedules: Schedules, person: Asker, id: string): Promise<Schedule> {
  const found = (await schedules.list()).find((schedule) => schedule.key === id && isOf(schedule, person))
  if (found === undefined)
    throw new SlipwayError('not-found', `There is no routine ${id.slice(0, 40)}. \`slipway routines list\` lists those you have.`)
  return found
}

async function set(schedules: Schedules, schedule: Schedule): Promise<void> {
  const result = await schedules.set(schedule)
  if (!result.ok) throw new SlipwayError('usage', result.message)
}

function isOf({ data }: Schedule, person: Asker): boolean {
  const routine = stored.safeParse(data)
  return routine.success && routine.data.owner.ownerId === person.ownerId
}

function routineOf({ key, cron, timeZone, data }: Schedule): Routine {
  const { owner: _, ...routine } = stored.parse(data)
  return { id: key, cron, timeZone, ...routine }
}

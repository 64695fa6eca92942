// Routines: what is due at a time of day. pg-boss keeps the timetable and gives each tick to one of the servers.
// Only long-running servers open this; a command that runs once has no business ticking.

import { PgBoss } from 'pg-boss'
import { types } from 'pg'
import type { Database } from './database.ts'
import { storableJson } from './storable-text.ts'

export interface Schedule {
  /** Letters, digits, `_`, `-`, `.` and `/`. */
  key: string
  /** Five fields: minute, hour, day of month, month, day of week. */
  cron: string
  /** IANA name such as `Europe/Vienna`; a cron time that does not exist or exists twice on a day of clock change follows that zone's rules. */
  timeZone: string
  /** Handed to `onDue`. */
  data: Record<string, unknown>
}

export interface DueTick {
  key: string
  data: Record<string, unknown>
  /** The same for every delivery of this tick. Make the session's id from it, and a repeated delivery finds the session there. */
  tickId: string
}

export interface Schedules {
  /** Adds the schedule or replaces the one with this key. */
  set(schedule: Schedule): Promise<{ ok: true } | { ok: false; message: string }>
  remove(key: string): Promise<void>
  list(): Promise<Schedule[]>
  /** Waits for ticks that are being handled. */
  close(): Promise<void>
}

const queue = 'routines'
const closeTimeoutMs = 10_000

/**
 * `onDue` runs once per tick on one of the servers; when it throws or its server dies, the tick is delivered again
 * (three times at most). Ticks missed while no server ran are made up for by one.
 */
export async function openSchedules(input: {
  database: Database
  onDue(tick: DueTick): Promise<void>
  onError(error: Error): void
  /** How often due ticks are looked for; default 30 and 2. */
  lookEverySeconds?: { schedule: number; tick: number }
}): Promise<Schedules> {
  const every = input.lookEverySeconds ?? { schedule: 30, tick: 2 }
  const boss = new PgBoss({
    db: { executeSql: (text, values) => query(input.database, text, values) },
    schema: 'pgboss',
    cronMonitorIntervalSeconds: every.schedule,
    cronWorkerIntervalSeconds: every.tick,
    persistWarnings: false,
  })
  boss.on('error', (error) => input.onError(error))
  await boss.start()
  await boss.createQueue(queue, { retryLimit: 2, retryDelay: 30, expireInSeconds: 60 })
  await boss.work<{ key: string; data: Record<string, unknown> }>(queue, { pollingIntervalSeconds: every.tick }, async (jobs) => {
    for (const job of jobs) await input.onDue({ ...job.data, tickId: job.id })
  })

  return {
    async set({ key, cron, timeZone, data }) {
      const problem = problemOf(key, cron)
      if (problem !== null) return { ok: false, message: problem }
      try {
        await boss.schedule(queue, cron, { key, data: storableJson(data).value }, { key, tz: timeZone, missed: 'once' })
        return { ok: true }
      } catch (error) {
        return { ok: false, message: `The schedule "${cron}" in ${timeZone} cannot be used: ${(error as Error).message}` }
      }
    },
    remove: (key) => boss.unschedule(queue, key),
    async list() {
      const found = await boss.getSchedules(queue)
      return found.map(({ key, cron, timezone, data }) => ({
        key,
        cron,
        timeZone: timezone,
        data: (data as { data: Record<string, unknown> }).data,
      })) // written by set
    },
    close: () => boss.stop({ graceful: true, timeout: closeTimeoutMs }),
  }
}

/** What pg-boss would accept and we do not: seconds, of which it keeps at most one tick a minute, and keys it would reject by an assertion. */
function problemOf(key: string, cron: string): string | null {
  if (!/^[\w\-./]{1,200}$/.test(key)) return `A schedule's key consists of letters, digits and _ - . / only; this one is "${key}".`
  if (cron.trim().split(/\s+/).length !== 5) return `A schedule has five fields (minute, hour, day, month, weekday); this one is "${cron}".`
  return null
}

/** pg-boss expects the driver's own types, not ours. */
async function query(database: Database, text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  return database.pool.query({ text, types, ...(values === undefined ? {} : { values }) })
}

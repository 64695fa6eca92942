// A disk fills up under a running session and is given room again: nothing that was acknowledged is lost, whoever is asked is told
// that the disk is full and what to do, nothing false is claimed, and the session comes to its verified end.

import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as delay } from 'node:timers/promises'
import type { EventBody, EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { replay } from '@slipway/core/reduce'
import { answer } from '@slipway/server/actions/people'
import { asLocal } from '@slipway/server/auth/ports-for'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { gitOutput } from '../doubles/github/git-command.ts'
import { debianServer, type Mortal } from './database/servers.ts'
import { type Installation, makeInstallation } from './disk/installation.ts'
import { mountDisk, type MountedDisk } from './disk/mounted-disk.ts'
import { chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from './effort.ts'

const timeLimit = deadlineMs({ short: 180_000, long: 3 * 3_600_000 })
const fills = rounds({ short: 1, long: 30 })
const isLong = rounds({ short: 0, long: 1 }) > 0
const MIB = 1024 * 1024
const sessionDeadlineMs = 240_000
/** What a worker takes to start and a session to be done, about; the disk fills up somewhere within. */
const sessionMs = isLong ? 7_000 : 3_000
/** In the long form long enough for every kind of back-off to begin. */
const fullMs = isLong ? 4_000 : 1_500
/** How little can be left: nothing, or just enough for some of what comes. */
const mostLeftBytes = 2 * MIB

interface Place {
  name: string
  /** The database is Debian's, on another disk. */
  hasOwnDatabase: boolean
  isSandboxes: boolean
}

const places: Place[] = [
  { name: 'the work trees and checkpoints', hasOwnDatabase: false, isSandboxes: true },
  { name: 'the mirrors and offered commits', hasOwnDatabase: true, isSandboxes: false },
  { name: 'the database', hasOwnDatabase: false, isSandboxes: false },
]

describe.each(isLong ? places : places.slice(0, 1))('the disk of $name', ({ hasOwnDatabase, isSandboxes }) => {
  let small: MountedDisk
  let other: MountedDisk
  let database: Mortal | null = null
  let installation: Installation
  let sandboxes: string
  beforeAll(async () => {
    small = await mountDisk(700 * MIB)
    other = await mountDisk(1024 * MIB)
    database = hasOwnDatabase ? await debianServer() : null
    sandboxes = join(isSandboxes ? small.path : other.path, 'sandboxes')
    installation = await makeInstallation({
      home: join(isSandboxes ? other.path : small.path, 'home'),
      sandboxes,
      repositories: join(other.path, 'repositories'),
      cache: join(tmpdir(), 'slipway-compiled'),
      variables: database?.variables ?? {},
    })
  }, timeLimit)
  afterAll(async () => {
    await installation?.close()
    await small?.close()
    await other?.close()
    database?.close()
  })

  test(
    `that is full for a while, ${fills} times, costs nothing but time`,
    async () => {
      const random = seededRandom(chooseSeed('disk-full'))
      const tell = openProgress('disk-full', fills)
      for (let fill = 0; fill < fills; fill++) {
        tell(fill)
        expect(await run({ afterMs: Math.round(random() * sessionMs), leftBytes: Math.round(random() ** 2 * mostLeftBytes) })).toEqual([])
      }
    },
    timeLimit,
  )

  async function run({ afterMs, leftBytes }: { afterMs: number; leftBytes: number }): Promise<string[]> {
    const name = randomUUID().slice(0, 8)
    const sessionId = await installation.create(name)
    // As after a start of the machine: the worker makes them anew.
    await rm(join(sandboxes, 'tools'), { recursive: true, force: true })
    const worker = installation.startWorker(() => undefined)
    try {
      worker.begin([])
      await delay(afterMs)
      small.fill(leftBytes)
      await delay(fullMs)
      small.free()
      const died = worker.exited.then(
        ({ code, signal }) => `the worker ended by itself with ${code ?? signal}: ${worker.troubles().slice(-3_000)}`,
      )
      const events = await Promise.race([untilFinished(sessionId), died])
      if (typeof events === 'string') return [`with ${leftBytes} bytes left after ${afterMs} ms:`, events]
      worker.drain()
      const end = await Promise.race([worker.exited, delay(20_000).then(() => ({ code: 'it did not end' }))])
      const findings = [
        ...judge(events),
        ...worker.acknowledged
          .filter((event) => !isDeepStrictEqual(events[event.seq - 1], event))
          .map(({ seq, body }) => `event ${seq} (${body.type}) is lost`),
        ...(await judgeRepository(name, events)),
        ...(end.code === 0 ? [] : [`the worker ended with ${JSON.stringify(end)}`]),
      ]
      if (findings.length === 0) return []
      return [`with ${leftBytes} bytes left after ${afterMs} ms:`, ...findings, describeLog(events), worker.troubles().slice(-3_000)]
    } finally {
      worker.kill()
      await worker.exited
    }
  }

  /** A person who answers, once there is room again, that it may go on. */
  async function untilFinished(sessionId: string): Promise<SessionEvent[]> {
    let events: SessionEvent[] = []
    for (const deadline = performance.now() + sessionDeadlineMs; performance.now() < deadline; await delay(500)) {
      events = await installation.within(async (runtime) => {
        const ports = asLocal(runtime.ports)
        const known = await ports.log.read({ sessionId, after: 0 })
        const { ask } = replay(known)
        if (ask)
          await answer(ports, {
            sessionId,
            askId: ask.askId,
            decision: 'approve',
            text: '',
            effectHash: null,
            budgetMicros: null,
            wake: 'now',
          })
        return known
      })
      if (events.some(({ body }) => body.type === 'session-finished')) return events
    }
    return events
  }

  async function judgeRepository(name: string, events: SessionEvent[]): Promise<string[]> {
    const gitDir = join(installation.repository(name), '.git')
    const tip = ((await gitOutput(gitDir, ['for-each-ref', '--format=%(objectname)', 'refs/heads/slipway'])) ?? '').trim()
    const said = of(events, 'branch-pushed').at(-1)?.oid
    return said === tip ? [] : [`the branch is at ${tip}, and ${said ?? 'nothing'} was said`]
  }
})

const tellsOfFullDisk = /(disk|room|space).*(full|Free some space)/is

function judge(events: SessionEvent[]): string[] {
  const [end] = of(events, 'session-finished')
  const finished = of(events, 'tool-finished').map(({ callId }) => callId)
  return [
    ...(end?.outcome === 'verified' ? [] : [`it ended ${end?.outcome ?? 'not at all'}`]),
    ...of(events, 'human-asked')
      .filter(({ kind, question }) => kind !== 'continue' || !tellsOfFullDisk.test(question))
      .map(({ question }) => `a person was asked: ${question}`),
    ...of(events, 'guard-tripped')
      .filter(({ guard, reason }) => guard !== 'sandbox' || !tellsOfFullDisk.test(reason))
      .map(({ guard, reason }) => `the guard ${guard} tripped: ${reason}`),
    ...of(events, 'verification-finished')
      .filter(({ result }) => result === 'failed')
      .map(({ receipts }) => `checks were called failed: ${JSON.stringify(receipts)}`),
    ...of(events, 'checkpoint-restored').map(({ reason }) => `a checkpoint was lost: ${reason}`),
    ...(new Set(finished).size === finished.length ? [] : ['a call has two outcomes']),
    ...(of(events, 'branch-pushed').length === 1 && of(events, 'change-request-opened').length === 1 ? [] : ['it was not published once']),
  ]
}

function describeLog(events: SessionEvent[]): string {
  return events.map(({ seq, at, body }) => `${seq} ${at} ${JSON.stringify(body).slice(0, 300)}`).join('\n')
}

function of<T extends EventType>(events: SessionEvent[], type: T): EventOf<T>[] {
  return events.map(({ body }) => body).filter((body: EventBody): body is EventOf<T> => body.type === type)
}

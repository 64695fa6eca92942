// The power goes while a session runs: what was not synced is gone, from the home, the database and the work trees alike. Every
// event that was acknowledged is there afterwards, what it names is whole, and the session comes to its verified end.

import { randomUUID } from 'node:crypto'
import { readdir, rename } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { setTimeout as delay } from 'node:timers/promises'
import type { EventBody, EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gitOutput } from '../doubles/github/git-command.ts'
import { type Installation, makeInstallation } from './disk/installation.ts'
import { mountDisk, type MountedDisk } from './disk/mounted-disk.ts'
import { chooseSeed, deadlineMs, rounds, seededRandom } from './effort.ts'

const timeLimit = deadlineMs({ short: 120_000, long: 3 * 3_600_000 })
const wanted = rounds({ short: 1, long: 100 })
const MIB = 1024 * 1024
const sessionDeadlineMs = 180_000
/** What a session takes to do, about; the power goes somewhere within. */
const sessionMs = 6_000

let disk: MountedDisk
let installation: Installation
beforeAll(async () => {
  disk = await mountDisk(1024 * MIB)
  installation = await makeInstallation({
    home: join(disk.path, 'home'),
    sandboxes: join(disk.path, 'sandboxes'),
    repositories: join(disk.path, 'repositories'),
    cache: join(tmpdir(), 'slipway-compiled'),
  })
}, timeLimit)
afterAll(async () => {
  await installation?.close()
  await disk?.close()
}, 60_000)

test(
  `a session that the power is cut under ${wanted} times loses nothing that was acknowledged and ends verified`,
  async () => {
    const random = seededRandom(chooseSeed('power-loss'))
    // What the first session brings to a new machine is the most that can be lost.
    expect(await run(['at its first checkpoint'])).toEqual([])
    for (let losses = 1; losses < wanted; ) {
      const planned = Array.from({ length: Math.min(wanted - losses, 1 + Math.floor(random() * 3)) }, () =>
        Math.round(random() * sessionMs),
      )
      losses += planned.length
      expect(await run(planned)).toEqual([])
    }
  },
  timeLimit,
)

/** The findings; none when every promise was kept. */
async function run(planned: (number | 'at its first checkpoint')[]): Promise<string[]> {
  const name = randomUUID().slice(0, 8)
  const sessionId = await installation.create(name)
  const acknowledged: SessionEvent[] = []
  const findings: string[] = []
  for (const afterMs of planned) {
    const kept = Promise.withResolvers<void>()
    const worker = installation.startWorker(() => {
      if (worker.acknowledged.some(({ body }) => body.type === 'checkpoint-created' && body.callId !== null)) kept.resolve()
    })
    worker.begin([])
    await (typeof afterMs === 'number' ? delay(500 + afterMs) : kept.promise)
    await disk.losePower(async () => {
      worker.kill()
      await worker.exited
    })
    await pretendReboot()
    acknowledged.push(...worker.acknowledged)
    const events = await installation.read(sessionId)
    findings.push(
      ...acknowledged
        .filter((event) => !isDeepStrictEqual(events[event.seq - 1], event))
        .map(({ seq, body }) => `event ${seq} (${body.type}) is lost`),
    )
  }
  const { events, trouble } = await finish(sessionId)
  const tip = (
    (await gitOutput(join(installation.repository(name), '.git'), ['for-each-ref', '--format=%(objectname)', 'refs/heads/slipway'])) ?? ''
  ).trim()
  const [end] = of(events, 'session-finished')
  const pushed = of(events, 'branch-pushed')
  const greeting = await gitOutput(join(installation.repository(name), '.git'), ['show', `${tip}:greeting.txt`])
  return [
    ...findings,
    ...(end?.outcome === 'verified' ? [] : [`it ended ${end?.outcome ?? 'not at all'}:\n${describe(events)}\n${trouble}`]),
    ...(pushed.at(-1)?.oid === tip ? [] : [`the branch is at ${tip}, and ${JSON.stringify(pushed)} was said`]),
    ...(greeting?.trim() === 'hello, world' ? [] : [`greeting.txt says ${String(greeting)}`]),
    ...of(events, 'checkpoint-restored').map(({ reason }) => `a checkpoint was lost: ${reason}`),
    ...of(events, 'guard-tripped').map(({ guard, reason }) => `the guard ${guard} tripped: ${reason}`),
  ].map((finding) => `when the power went ${planned.join(', ')}: ${finding}`)
}

/** What goes by the machine's boot, which stays the same here, is not found any more. */
async function pretendReboot(): Promise<void> {
  const tools = join(disk.path, 'sandboxes/tools')
  for (const name of await readdir(tools).catch(() => []))
    if (/^(node|runner)-/.test(name)) await rename(join(tools, name), join(tools, name.replace(/-[0-9a-f]{8}$/, '-00000000')))
}

/** Lets a worker bring the session to its end. */
async function finish(sessionId: string): Promise<{ events: SessionEvent[]; trouble: string }> {
  const rested = Promise.withResolvers<void>()
  const late = setTimeout(() => rested.resolve(), sessionDeadlineMs)
  const worker = installation.startWorker(() => {
    if (worker.driven.length > 0) rested.resolve()
  })
  worker.begin([])
  await rested.promise
  clearTimeout(late)
  worker.drain()
  await Promise.race([worker.exited, delay(20_000)])
  worker.kill()
  return { events: await installation.read(sessionId), trouble: worker.troubles().slice(-1_500) }
}

function describe(events: SessionEvent[]): string {
  return events.map(({ seq, at, body }) => `${seq} ${at} ${JSON.stringify(body).slice(0, 300)}`).join('\n')
}

function of<T extends EventType>(events: SessionEvent[], type: T): EventOf<T>[] {
  return events.map(({ body }) => body).filter((body: EventBody): body is EventOf<T> => body.type === type)
}

// The power goes while a session runs: what was not synced is gone, from the home, the database and the work trees alike. Every
// event that was acknowledged is there afterwards, what it names is whole, and the session comes to its verified end.

import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readdir, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual, promisify } from 'node:util'
import { setTimeout as delay } from 'node:timers/promises'
import type { EventBody, EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { workspaceKey } from '@slipway/sandbox/host/state'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { gitOutput } from '../doubles/github/git-command.ts'
import { type Installation, makeInstallation } from './disk/installation.ts'
import { mountDisk, type MountedDisk } from './disk/mounted-disk.ts'
import { chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from './effort.ts'
import type { WorkerProcess } from './kill/worker-process.ts'

const timeLimit = deadlineMs({ short: 120_000, long: 3 * 3_600_000 })
const wanted = rounds({ short: 1, long: 100 })
const isLong = rounds({ short: 0, long: 1 }) > 0
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
})

test(
  `a session that the power is cut under ${wanted} times loses nothing that was acknowledged and ends verified`,
  async () => {
    const random = seededRandom(chooseSeed('power-loss'))
    // What the first session brings to a new machine is the most that can be lost; and what is pushed is of this disk, too.
    expect(await run(['at its first checkpoint', 'at its push'])).toEqual([])
    const tell = openProgress('power-loss', wanted)
    for (let losses = 1; losses < wanted; ) {
      tell(losses)
      const planned = Array.from({ length: Math.min(wanted - losses, 1 + Math.floor(random() * 3)) }, () =>
        Math.round(random() * sessionMs),
      )
      losses += planned.length
      expect(await run(planned)).toEqual([])
    }
  },
  timeLimit,
)

test.each(isLong ? ['the newest checkpoint', 'every checkpoint'] : [])(
  'a session whose disk lost %s goes on from what is left, tells so, and ends verified',
  async (what) => {
    const name = randomUUID().slice(0, 8)
    const sessionId = await installation.create(name)
    const worker = await workUntil((body) => body.type === 'model-requested', 4)
    worker.kill()
    await worker.exited
    const before = await installation.read(sessionId)
    const kept = of(before, 'checkpoint-created').map(({ checkpoint }) => checkpoint)
    const gone = what === 'every checkpoint' ? kept : kept.slice(-1)
    for (const checkpoint of gone) await rm(join(storeOf(sessionId), 'objects', checkpoint.slice(0, 2), checkpoint.slice(2)))
    const { events, trouble } = await finish(sessionId)
    const restored = of(events, 'checkpoint-restored')
    const told = of(events, 'context-added').filter(({ text }) => text.startsWith('The machine lost the newest state of the work tree.'))
    const said = what === 'every checkpoint' ? 'in the base commit' : 'after the call'
    expect({
      end: of(events, 'session-finished').map(({ outcome }) => outcome),
      restored: restored.map(({ reason }) => reason.includes(said)),
      told: told.map(({ text }) => text.includes(said) && text.includes('What these calls did to files is gone')),
      trouble,
    }).toEqual({ end: ['verified'], restored: [true], told: [true], trouble: '' })
    if (what === 'the newest checkpoint') expect(restored[0]?.checkpoint).toBe(kept.at(-2))
  },
  timeLimit,
)

function storeOf(sessionId: string): string {
  return join(disk.path, 'sandboxes/workspaces', workspaceKey(sessionId), 'checkpoints/shadow.git')
}

async function workFor(ms: number): Promise<WorkerProcess> {
  const worker = installation.startWorker(() => undefined)
  worker.begin([])
  await delay(ms)
  return worker
}

/** A worker that has just stored so many of these. */
async function workUntil(fits: (body: EventBody) => boolean, times: number): Promise<WorkerProcess> {
  const reached = Promise.withResolvers<void>()
  const worker = installation.startWorker(() => {
    if (worker.acknowledged.filter(({ body }) => fits(body)).length >= times) reached.resolve()
  })
  worker.begin([])
  await reached.promise
  return worker
}

const moments = {
  'at its first checkpoint': (body: EventBody) => body.type === 'checkpoint-created' && body.callId !== null,
  'at its push': (body: EventBody) => body.type === 'branch-pushed',
}

/** The findings; none when every promise was kept. */
async function run(planned: (number | keyof typeof moments)[]): Promise<string[]> {
  const name = randomUUID().slice(0, 8)
  const sessionId = await installation.create(name)
  const acknowledged: SessionEvent[] = []
  const findings: string[] = []
  for (const afterMs of planned) {
    const worker = typeof afterMs === 'string' ? await workUntil(moments[afterMs], 1) : await workFor(500 + afterMs)
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
    ...(pushed.at(-1)?.oid === tip
      ? []
      : [`the branch is at ${tip}, and ${JSON.stringify(pushed)} was said; ${await tellRepository(installation.repository(name))}`]),
    ...(greeting?.trim() === 'hello, world' ? [] : [`greeting.txt says ${String(greeting)}`]),
    ...of(events, 'checkpoint-restored').map(({ reason }) => `a checkpoint was lost: ${reason}`),
    ...of(events, 'guard-tripped').map(({ guard, reason }) => `the guard ${guard} tripped: ${reason}`),
  ].map((finding) => `when the power went ${planned.join(', ')}: ${finding}`)
}

/** What is in a repository that is not as it was said to be. */
async function tellRepository(path: string): Promise<string> {
  const script =
    'git fsck --no-dangling 2>&1; git show-ref; cd .git; ls -lR --time-style=full-iso refs objects; head -c 300 packed-refs HEAD'
  const { stdout } = await promisify(execFile)('/bin/sh', ['-c', script], { cwd: path }).catch((error: { stdout: string }) => error)
  return stdout
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

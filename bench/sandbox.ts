// What confinement costs, for each backend that works here. The baselines do the same on the host without any.

import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { SandboxBackendName } from '@slipway/core/events'
import type { Clock, Sandbox, Sandboxes, SandboxSpec } from '@slipway/core/ports'
import { openSandboxes } from '@slipway/sandbox/open-sandboxes'
import { prepareDocker } from '../scripts/test/docker.ts'
import type { Figure } from './figure.ts'
import { spread, tell, timed } from './measure.ts'
import { type BenchHome, openBenchHome } from './parts/bench-home.ts'

const MEGABYTE = 1024 ** 2
const TOGETHER = 20
const GOALS: Partial<Record<SandboxBackendName, number>> = { docker: 300, bubblewrap: 30 }
const run = promisify(execFile)
const clock: Clock = {
  now: Date.now,
  sleep: (ms, signal) => delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
}

export async function measureSandboxes(): Promise<Figure[]> {
  const docker = await prepareDocker()
  if (docker.problem !== null) console.log(`\nDocker is not measured: ${docker.problem}`)
  try {
    return await measureAll()
  } finally {
    await docker.stop()
  }
}

async function measureAll(): Promise<Figure[]> {
  const place = await openBenchHome()
  const sandboxes = await openSandboxes({ home: place.home, environment: { ...process.env, ...place.variables }, clock })
  try {
    const bare = await measureBare(place.folder)
    const figures: Figure[] = []
    for (const { backend } of (await sandboxes.selfTests()).filter(({ ok }) => ok))
      figures.push(...(await measureBackend(sandboxes, backend, bare)))
    return [...figures, await measureSpare(place, bare)]
  } finally {
    await sandboxes.close()
    await place.close()
  }
}

interface Bare {
  command: number
  file: number
  save: number
  restore: number
  together: number
}

/** The same without confinement: a process, a file, a commit, a checkout. */
async function measureBare(folder: string): Promise<Bare> {
  const tree = join(folder, 'bare')
  await mkdir(tree)
  const git = (...args: string[]) => run('git', ['-c', 'user.name=b', '-c', 'user.email=b@localhost', ...args], { cwd: tree })
  await git('init', '-q')
  for (let index = 0; index < 100; index += 1) await writeFile(join(tree, `file-${index}`), `${index}\n`.repeat(200))
  const bytes = Buffer.alloc(MEGABYTE, 'x')
  const command = await timed(50, () => run('bash', ['-c', 'true']))
  const file = await timed(20, async () => {
    await writeFile(join(tree, 'large'), bytes)
    await readFile(join(tree, 'large'))
  })
  const save = await timed(10, async (round) => {
    await writeFile(join(tree, 'changed'), String(round))
    await git('add', '-A')
    await git('commit', '-qm', 'save')
  })
  const restore = await timed(10, (round) => git('checkout', '-q', `HEAD~${(round % 5) + 1}`, '--', '.'))
  const together = await timed(3, () => Promise.all(Array.from({ length: TOGETHER }, () => run('bash', ['-c', 'true']))))
  return { command: command.p50, file: file.p50, save: save.p50, restore: restore.p50, together: together.p50 }
}

async function measureBackend(sandboxes: Sandboxes, backend: SandboxBackendName, bare: Bare): Promise<Figure[]> {
  let made = 0
  const create = async (): Promise<Sandbox> => {
    made += 1
    const created = await sandboxes.create(backend, spec(`bench-${backend}-${made}`))
    if (!created.ok) throw new Error(created.message)
    return created.sandbox
  }
  const sh = (sandbox: Sandbox, script: string) =>
    sandbox.exec({ argv: ['bash', '-c', script], timeoutMs: 30_000, onOutput: () => undefined })

  await (await create()).close({ deleteWorkspace: true })
  const open: Sandbox[] = []
  const first = await timed(20, async () => {
    const sandbox = await create()
    await sh(sandbox, 'echo ready')
    open.push(sandbox)
  })
  for (const each of open) await each.close({ deleteWorkspace: true })
  const sandbox = await create()
  await sh(sandbox, 'for i in $(seq 100); do seq 200 > file-$i; done')
  const command = await timed(100, () => sh(sandbox, 'true'))
  const bytes = Buffer.alloc(MEGABYTE, 'x')
  const file = await timed(20, async () => {
    await sandbox.writeFile('large', bytes, {})
    await sandbox.readFile('large', { maxBytes: MEGABYTE })
  })
  const { checkpoint } = await sandbox.checkpoint()
  const save = await timed(10, async (round) => {
    await sandbox.writeFile('changed', Buffer.from(String(round)), {})
    await sandbox.checkpoint()
  })
  await delay(50)
  await sandbox.checkpoint()
  const unchanged = await timed(20, () => sandbox.checkpoint())
  const restore = await timed(5, () => sandbox.restore(checkpoint))
  await sandbox.close({ deleteWorkspace: true })
  const together = await timed(1, async () => {
    const many = await Promise.all(Array.from({ length: TOGETHER }, create))
    await Promise.all(many.map((each) => sh(each, 'echo ready')))
    open.splice(0, open.length, ...many)
  })
  await Promise.all(open.map((each) => each.close({ deleteWorkspace: true })))

  return [
    {
      name: `${backend}: create to first output, p95`,
      unit: 'ms',
      value: first.p95,
      baseline: { name: 'a process', value: bare.command },
      goal: GOALS[backend] ?? null,
      note: tell(first),
    },
    {
      name: `${backend}: command, p50`,
      unit: 'ms',
      value: command.p50,
      baseline: { name: 'a process', value: bare.command },
      goal: null,
      note: tell(command),
    },
    {
      name: `${backend}: write and read 1 MB, p50`,
      unit: 'ms',
      value: file.p50,
      baseline: { name: 'a file', value: bare.file },
      goal: null,
      note: tell(file),
    },
    {
      name: `${backend}: checkpoint of a change, p50`,
      unit: 'ms',
      value: save.p50,
      baseline: { name: 'git add and commit', value: bare.save },
      goal: null,
      note: `100 files; ${tell(save)}`,
    },
    {
      name: `${backend}: checkpoint of no change, p50`,
      unit: 'ms',
      value: unchanged.p50,
      baseline: { name: 'git add and commit', value: bare.save },
      goal: null,
      note: tell(unchanged),
    },
    {
      name: `${backend}: restore, p50`,
      unit: 'ms',
      value: restore.p50,
      baseline: { name: 'git checkout', value: bare.restore },
      goal: null,
      note: tell(restore),
    },
    {
      name: `${backend}: ${TOGETHER} at once to first output`,
      unit: 'ms',
      value: together.p50,
      baseline: { name: `${TOGETHER} processes`, value: bare.together },
      goal: null,
    },
  ]
}

/** As a server has it: one sandbox is kept ready for the next session. */
async function measureSpare(place: BenchHome, bare: Bare): Promise<Figure> {
  const sandboxes = await openSandboxes({ home: place.home, environment: { ...process.env, ...place.variables }, clock, keepsSpare: true })
  const taken: number[] = []
  try {
    for (let round = 0; round <= 20; round += 1) {
      const started = performance.now()
      const created = await sandboxes.create('bubblewrap', spec(`bench-spare-${round}`))
      if (!created.ok) throw new Error(created.message)
      await created.sandbox.exec({ argv: ['bash', '-c', 'echo ready'], timeoutMs: 30_000 })
      // The first one has none to take.
      if (round > 0) taken.push(performance.now() - started)
      await sandboxes.spareSettled()
      await created.sandbox.close({ deleteWorkspace: true })
    }
  } finally {
    await sandboxes.close()
  }
  const ready = spread(taken)
  const baseline = { name: 'a process', value: bare.command }
  return {
    name: 'bubblewrap, kept ready by a server: create to first output, p95',
    unit: 'ms',
    value: ready.p95,
    baseline,
    goal: 30,
    note: tell(ready),
  }
}

function spec(name: string): SandboxSpec {
  return {
    sandboxId: name,
    sessionId: name,
    workspace: name,
    limits: { memoryBytes: 1024 * MEGABYTE, processes: 256, cpus: 2, diskBytes: 512 * MEGABYTE },
    egress: { allow: [], uploadLimitBytes: 0 },
    phase: 'agent',
    onEgress: () => undefined,
  }
}

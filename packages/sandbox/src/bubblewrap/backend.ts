// The bubblewrap backend: no daemon, a user namespace per sandbox, never as uid 0.

import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Backend, type Launched, type LaunchInput, READING_LIMITS, type ThrowAway, type ThrowAwayResult } from '../backend.ts'
import { copyStore } from '../checkpoints/copy-store.ts'
import { isOwnerAlive, ownerMark } from '../host/owner.ts'
import { ownedDirectory, type State, workspaceDirectory, workspaceKey } from '../host/state.ts'
import type { Tools } from '../host/tools.ts'
import type { Cgroups } from '../limits/cgroup.ts'
import { closeAbandonedDisks, deleteAbandonedOnce, deleteDisk, type Disk, openDisk } from '../limits/disk.ts'
import { watchDisk } from '../limits/disk-watch.ts'
import { seccompProgram } from '../seccomp/bpf.ts'
import { commandEnvironment, hostCaFile, type Mount, PROXY_PORT, RUNNER_ENVIRONMENT, STORE, WORK } from './arguments.ts'
import { endStranded } from './end-stranded.ts'
import { killQuietly } from './kill-quietly.ts'
import { bubblewrapSelfTest } from './self-test.ts'
import { type Confined, spawnBubblewrap, type SpawnInput } from './spawn.ts'

const SOCKETS = '/run/slipway'
const MAX_OUTPUT = 1024 * 1024

export interface BubblewrapInput {
  state: State
  tools: Tools
  cgroups: Cgroups | null
  canMountImages: boolean
}

/** Prepares the files that every sandbox shares and returns the backend. */
export function bubblewrapBackend(input: BubblewrapInput): Backend {
  const { state, tools, cgroups } = input
  const shared = join(state.root, 'tools')
  const seccompFile = join(shared, 'seccomp.bpf')
  if (process.arch !== 'x64' && process.arch !== 'arm64') throw new Error(`no system call profile for ${process.arch}`)
  writeFileSync(seccompFile, seccompProgram(process.arch))
  writeAccounts(join(shared, 'etc'))
  /** Work trees of running sandboxes; a spare one's moves. `left` resolves when the disk has been let go of. */
  const trees = new Map<string, { path: string; left: Promise<void> }>()

  const common: Mount[] = [
    { from: tools.node, to: '/opt/node', access: 'read-only' },
    { from: tools.runner, to: '/opt/slipway', access: 'read-only' },
    ...['passwd', 'group', 'hosts', 'nsswitch.conf'].map(
      (name): Mount => ({ from: join(shared, 'etc', name), to: `/etc/${name}`, access: 'read-only' }),
    ),
  ]

  async function openTree(workspace: string, diskBytes: number): Promise<Disk & { directory: string }> {
    const directory = workspaceDirectory(state, workspace)
    const disk = await openDisk({ directory, bytes: diskBytes, isBounded: input.canMountImages, owner: state })
    return { ...disk, directory }
  }

  function start(name: string, limits: LaunchInput['limits'], extra: Mount[], argv: string[]): Promise<Confined> {
    const spec: SpawnInput = {
      state,
      seccompFile,
      cgroups,
      name,
      limits,
      argv,
      mounts: [...common, ...extra],
      environment: RUNNER_ENVIRONMENT,
    }
    return spawnBubblewrap(spec)
  }

  async function startOn(launch: LaunchInput, { tree, directory }: Disk & { directory: string }): Promise<Confined> {
    launch.assertHeld?.()
    await endHolder(directory)
    launch.assertHeld?.()
    const mounts: Mount[] = [{ from: tree, to: WORK, access: 'writable' }]
    const runner = ['/opt/node/bin/node', '/opt/slipway/main.cjs', WORK]
    if (launch.egressSocket) {
      mounts.push({ from: join(launch.egressSocket, '..'), to: SOCKETS, access: 'read-only' })
      runner.push(String(PROXY_PORT), join(SOCKETS, launch.egressSocket.slice(launch.egressSocket.lastIndexOf('/') + 1)))
    }
    return start(launch.sandboxId, launch.limits, mounts, runner)
  }

  const backend: Backend = {
    name: 'bubblewrap',
    hasOwnNetwork: true,

    async socketDirectory(sandboxId) {
      return ownedDirectory(join(state.root, 'run', workspaceKey(sandboxId).slice(0, 12)), state)
    },

    selfTest: () => bubblewrapSelfTest({ backend, state, cgroups, canMountImages: input.canMountImages }),

    async launch(launch): Promise<Launched> {
      // Before the disk is marked as this process's, too.
      launch.assertHeld?.()
      const disk = await openTree(launch.workspace, launch.limits.diskBytes)
      const { tree, isBounded, directory } = disk
      const confined = await startOn(launch, disk).catch(async (error: unknown) => {
        await disk.release()
        throw error
      })
      const place = { path: tree, left: confined.exited.then(() => disk.release()) }
      trees.set(workspaceKey(launch.workspace), place)
      writeFileSync(join(directory, 'holder'), ownerMark(confined.initPid))
      let reason: string | null = null
      const kill = async (why: string): Promise<void> => {
        reason ??= why
        await confined.kill()
      }
      const watch = isBounded
        ? null
        : watchDisk({ tree: () => place.path, diskBytes: launch.limits.diskBytes, onFull: (why) => void kill(why) })
      void place.left.finally(() => {
        for (const [key, each] of trees) if (each === place) trees.delete(key)
      })
      return {
        input: confined.stdin,
        output: confined.stdout,
        root: WORK,
        environment: commandEnvironment({ hasProxy: launch.egressSocket !== null, caFile: hostCaFile() }),
        diskLimitBytes: null,
        exited: confined.exited.then((code) => {
          watch?.stop()
          const kills = confined.oomKills()
          return (
            reason ??
            `the sandbox ended by itself (exit code ${code}${kills > 0 ? ', out of memory' : ''}) ${confined.errors().trim()}`.trim()
          )
        }),
        kill,
        oomKills: async () => confined.oomKills(),
      }
    },

    async throwAway(job): Promise<ThrowAwayResult> {
      job.assertHeld?.()
      const { tree, directory, release } = await openTree(job.workspace, job.limits.diskBytes)
      try {
        const store = ownedDirectory(join(directory, 'checkpoints'), state)
        const mounts: Mount[] = [
          { from: tree, to: WORK, access: job.workTree },
          { from: store, to: STORE, access: 'writable' },
        ]
        job.assertHeld?.()
        const confined = await start(`once-${workspaceKey(job.workspace)}-${process.hrtime.bigint()}`, job.limits, mounts, [
          '/bin/bash',
          '-c',
          `WORK=${WORK} STORE=${STORE}\n${job.script}`,
        ])
        return await collectOutput(confined, job)
      } finally {
        await release()
      }
    },

    async readStore(job) {
      const store = join(state.root, 'workspaces', workspaceKey(job.workspace), 'checkpoints')
      if (!existsSync(store)) return 'no-store'
      const mounts: Mount[] = [{ from: store, to: WORK, access: 'read-only' }]
      const name = `read-${workspaceKey(job.workspace)}-${process.hrtime.bigint()}`
      const confined = await start(name, READING_LIMITS, mounts, ['/bin/bash', '-c', `STORE=${WORK}\n${job.script}`])
      confined.stdin.end()
      confined.stdout.on('data', job.onOutput)
      const deadline = setTimeout(() => void confined.kill(), job.timeoutMs)
      return exitedAndRead(confined).finally(() => clearTimeout(deadline))
    },

    async deleteWorkspace(workspace, options) {
      const directory = join(state.root, 'workspaces', workspaceKey(workspace))
      await deleteDisk(directory)
      if (!options.keepCheckpoints) rmSync(directory, { recursive: true, force: true })
    },

    copyCheckpoints: (from, to) => copyStore(state, from, to),

    rename(from, to) {
      const [source, target] = [from, to].map((name) => join(state.root, 'workspaces', workspaceKey(name))) as [string, string]
      if (existsSync(target) || !existsSync(join(source, 'tree'))) return false
      // A mounted disk and what is bound from it go along with the directory that holds them.
      writeFileSync(join(source, 'name'), to)
      renameSync(source, target)
      const place = trees.get(workspaceKey(from))
      trees.delete(workspaceKey(from))
      if (place) {
        place.path = join(target, 'tree')
        trees.set(workspaceKey(to), place)
      }
      return true
    },

    async listWorkspaces() {
      return readdirSync(join(state.root, 'workspaces')).flatMap((key) => {
        try {
          return [readFileSync(join(state.root, 'workspaces', key, 'name'), 'utf8')]
        } catch {
          return []
        }
      })
    },

    // Kept helpers there are none.
    async release(workspace) {
      await trees.get(workspaceKey(workspace))?.left
    },
    // What an earlier process left died with it (--die-with-parent), but for a start that was cut off.
    async sweep() {
      endStranded(state.root)
      cgroups?.sweep()
      await closeAbandonedDisks(join(state.root, 'workspaces'), isHeld)
      await closeAbandonedDisks(join(state.root, 'run'), () => false)
      await deleteAbandonedOnce(join(state.root, 'workspaces'), isHeld)
    },

    async close() {
      await Promise.all([...trees.values()].map(({ left }) => left))
    },
  }
  return backend
}

async function collectOutput(confined: Confined, job: ThrowAway): Promise<ThrowAwayResult> {
  let stdout = ''
  confined.stdin.end()
  confined.stdout.on('data', (chunk: Buffer) => {
    if (stdout.length < MAX_OUTPUT) stdout += chunk.toString('utf8')
  })
  const deadline = setTimeout(() => void confined.kill(), job.timeoutMs)
  const exitCode = await exitedAndRead(confined)
  clearTimeout(deadline)
  return { exitCode, stdout, stderr: confined.errors() }
}

/** A busy host notices the end of a process before it has read the last of its output. */
async function exitedAndRead(confined: Confined): Promise<number | null> {
  const read = new Promise<void>((resolve) => confined.stdout.once('end', resolve).once('close', resolve))
  const exitCode = await confined.exited
  await read
  return exitCode
}

/** A sandbox knows one person and one machine: its own. The sandbox user reads them, whatever the umask of this process. */
function writeAccounts(directory: string): void {
  mkdirSync(directory, { recursive: true })
  chmodSync(directory, 0o755)
  const files = {
    passwd:
      'root:x:0:0:root:/root:/usr/sbin/nologin\nagent:x:1000:1000:agent:/home/agent:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
    group: 'root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n',
    hosts: '127.0.0.1 localhost slipway\n::1 localhost\n',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
  }
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), text)
    chmodSync(join(directory, name), 0o644)
  }
}

/** Another process of this home, a frozen worker for one, may still hold a sandbox of this work tree: it ends now. */
async function endHolder(directory: string): Promise<void> {
  const mark = holderOf(directory)
  if (mark === '' || !isOwnerAlive(mark)) return
  killQuietly(Number.parseInt(mark, 10))
  for (let attempt = 0; attempt < 250 && isOwnerAlive(mark); attempt += 1) await delay(8)
}

function isHeld(directory: string): boolean {
  return isOwnerAlive(holderOf(directory))
}

function holderOf(directory: string): string {
  return existsSync(join(directory, 'holder')) ? readFileSync(join(directory, 'holder'), 'utf8') : ''
}

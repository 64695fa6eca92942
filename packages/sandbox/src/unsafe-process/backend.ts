// No confinement at all: the runner and every command run as the user who runs Slipway, with the network and all files.
// Only for machines that are themselves thrown away; SLIPWAY_UNSAFE_PROCESS_SANDBOX=1 turns it on.

import { copyStore } from '../checkpoints/copy-store.ts'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Backend, Launched, ThrowAwayResult } from '../backend.ts'
import { partState, type State, workspaceDirectory, workspaceKey } from '../host/state.ts'
import type { Tools } from '../host/tools.ts'
import { watchDisk } from '../limits/disk-watch.ts'
import { AMONG_OTHERS } from '../protocol/messages.ts'

const WARNING = 'commands run unconfined, with the rights of the user who runs Slipway'

/** The backend of last resort. Everything but confinement works as elsewhere. */
export function processBackend(input: { state: State; tools: Tools }): Backend {
  const state = partState(input.state, 'process', { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 })
  const directoryOf = (workspace: string): string => join(state.root, 'workspaces', workspaceKey(workspace))
  const part = (workspace: string, name: 'tree' | 'checkpoints'): string => {
    const path = join(workspaceDirectory(state, workspace), name)
    mkdirSync(path, { recursive: true })
    return path
  }
  const environment = (workspace: string): Record<string, string> => ({
    PATH: `${join(input.tools.node, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    HOME: part(workspace, 'checkpoints').replace(/checkpoints$/, 'home'),
    LANG: 'C.UTF-8',
    CI: 'true',
  })

  return {
    name: 'process',
    hasOwnNetwork: false,
    async socketDirectory(sandboxId) {
      const directory = join(state.root, 'run', workspaceKey(sandboxId).slice(0, 12))
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      return directory
    },
    async selfTest() {
      return {
        ok: true,
        backend: 'process',
        findings: [
          { name: 'confinement', ok: true, message: WARNING, fix: 'Use bubblewrap or docker: `unset SLIPWAY_UNSAFE_PROCESS_SANDBOX`' },
        ],
      }
    },
    async launch(launch): Promise<Launched> {
      const root = part(launch.workspace, 'tree')
      mkdirSync(join(directoryOf(launch.workspace), 'home'), { recursive: true })
      const child = spawn(process.execPath, [join(input.tools.runner, 'main.cjs'), root, AMONG_OTHERS], {
        stdio: ['pipe', 'pipe', 'inherit'],
        env: environment(launch.workspace),
        cwd: root,
        detached: true,
      })
      let reason: string | null = null
      const exited = new Promise<string>((resolve) => {
        child.once('exit', (code) => resolve(reason ?? `the runner ended by itself (exit code ${code})`))
        child.once('error', (error) => resolve(error.message))
      })
      const kill = async (why: string): Promise<void> => {
        reason ??= why
        endMarked(child)
        await exited
      }
      const watch = watchDisk({ tree: () => root, diskBytes: launch.limits.diskBytes, onFull: (why) => void kill(why) })
      void exited.then(() => watch.stop())
      return {
        input: child.stdin,
        output: child.stdout,
        root,
        environment: environment(launch.workspace),
        diskLimitBytes: null,
        exited,
        kill,
        oomKills: async () => 0,
      }
    },
    throwAway(job) {
      const script = `WORK='${part(job.workspace, 'tree')}' STORE='${part(job.workspace, 'checkpoints')}'\n${job.script}`
      return new Promise<ThrowAwayResult>((resolve) => {
        execFile(
          '/bin/bash',
          ['-c', script],
          { env: environment(job.workspace), timeout: job.timeoutMs, maxBuffer: 1024 * 1024 },
          (error, stdout, stderr) => {
            resolve({ exitCode: error ? (typeof error.code === 'number' ? error.code : null) : 0, stdout, stderr })
          },
        )
      })
    },
    readStore(job) {
      const store = join(directoryOf(job.workspace), 'checkpoints')
      if (!existsSync(store)) return Promise.resolve('no-store' as const)
      return new Promise((resolve, reject) => {
        const child = spawn('/bin/bash', ['-c', `STORE='${store}'\n${job.script}`], {
          stdio: ['ignore', 'pipe', 'ignore'],
          env: environment(job.workspace),
          timeout: job.timeoutMs,
        })
        child.stdout.on('data', job.onOutput)
        child.once('error', reject)
        child.once('close', resolve)
      })
    },
    async deleteWorkspace(workspace, options) {
      for (const name of options.keepCheckpoints ? ['tree', 'home'] : [''])
        rmSync(join(directoryOf(workspace), name), { recursive: true, force: true })
    },
    copyCheckpoints: (from, to) => copyStore(state, from, to),
    async listWorkspaces() {
      return readdirSync(join(state.root, 'workspaces')).map((key) => readFileSync(join(state.root, 'workspaces', key, 'name'), 'utf8'))
    },
    async release() {
      /* nothing is kept */
    },
    async sweep() {
      /* nothing is known of an earlier life */
    },
    async close() {
      /* nothing is held */
    },
  }
}

/** Ends the runner and every process that carries the mark of one of its commands. */
function endMarked(child: ChildProcess): void {
  if (child.pid === undefined) return
  const mark = `SLIPWAY_COMMAND=${child.pid}.`
  for (const name of readdirSync('/proc')) {
    const pid = Number(name)
    if (!Number.isInteger(pid)) continue
    try {
      if (
        readFileSync(`/proc/${pid}/environ`, 'latin1')
          .split('\0')
          .some((entry) => entry.startsWith(mark))
      )
        process.kill(pid, 'SIGKILL')
    } catch {
      /* gone, or not ours */
    }
  }
  child.kill('SIGKILL')
}

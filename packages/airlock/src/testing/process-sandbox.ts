// A sandbox port over a plain folder and child processes, for tests of the airlock. It contains nothing.

import { spawn } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecResult, ExecSpec, Sandbox, Sandboxes, SandboxSpec } from '@slipway/core/ports'
import { SandboxLost } from '@slipway/core/ports'

export interface ProcessSandboxes extends Sandboxes {
  /** Specs of all sandboxes that were made. */
  specs: SandboxSpec[]
  open: Set<string>
  /** Ends a sandbox as a crash would. */
  lose(sandboxId: string): void
}

/** One folder as a sandbox. */
export function processSandbox(
  root: string,
  options: {
    id?: string /** Folder of programs that come before the machine's own, for a sandbox that lies. */
    programs?: string
    isLost?(): boolean
    onClose?(): void
  } = {},
): Sandbox {
  mkdirSync(root, { recursive: true })
  const id = options.id ?? 'sandbox'
  const unused = () => {
    throw new Error('The test sandbox runs commands only.')
  }
  return {
    id,
    backend: 'process',
    root,
    exec(spec) {
      if (options.isLost?.()) throw new SandboxLost(id, 'gone')
      return runCommand(
        { id, root, path: [options.programs, process.env['PATH']].filter(Boolean).join(':'), isLost: options.isLost ?? (() => false) },
        spec,
      )
    },
    start: unused,
    readFile: unused,
    writeFile: unused,
    list: unused,
    search: unused,
    connect: unused,
    listeningPorts: unused,
    checkpoint: unused,
    restore: unused,
    setEgress: async () => {},
    async close({ deleteWorkspace }) {
      options.onClose?.()
      if (deleteWorkspace) rmSync(root, { recursive: true, force: true })
    },
  }
}

export function processSandboxes(folder: string): ProcessSandboxes {
  const lost = new Set<string>()
  const sandboxes: ProcessSandboxes = {
    specs: [],
    open: new Set(),
    lose: (sandboxId) => void lost.add(sandboxId),
    selfTests: async () => [{ ok: true, backend: 'process', findings: [] }],
    async create(_backend, spec) {
      sandboxes.specs.push(spec)
      sandboxes.open.add(spec.sandboxId)
      const sandbox = processSandbox(join(folder, spec.workspace), {
        id: spec.sandboxId,
        isLost: () => lost.has(spec.sandboxId),
        onClose: () => void sandboxes.open.delete(spec.sandboxId),
      })
      return { ok: true, sandbox }
    },
    warmUp: () => undefined,
    reap: async () => 0,
    copyCheckpoints: async () => false,
    readCheckpoint: async () => null,
    close: async () => {},
  }
  return sandboxes
}

function runCommand(
  { id, root, path, isLost }: { id: string; root: string; path: string; isLost(): boolean },
  spec: ExecSpec,
): Promise<ExecResult> {
  const startedAt = Date.now()
  const [command = '', ...args] = spec.argv
  const child = spawn(command, args, { cwd: join(root, spec.cwd ?? '.'), env: { PATH: path, HOME: root, ...spec.env }, detached: true })
  let killed: ExecResult['killed'] = null
  const kill = (reason: ExecResult['killed']) => {
    killed ??= reason
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      /* ended by itself */
    }
  }
  const timer = setTimeout(() => kill('timeout'), spec.timeoutMs)
  const stop = () => kill('stopped')
  spec.signal?.addEventListener('abort', stop)
  if (spec.signal?.aborted) stop()
  child.stdin.on('error', () => {})
  void feed(child.stdin, spec.stdin)
  const pump = async (stream: 'stdout' | 'stderr') => {
    for await (const chunk of child[stream] as AsyncIterable<Buffer>) await spec.onOutput?.(chunk, stream)
  }
  const pumped = Promise.all([pump('stdout'), pump('stderr')])
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (exitCode) => {
      clearTimeout(timer)
      spec.signal?.removeEventListener('abort', stop)
      if (isLost()) reject(new SandboxLost(id, 'gone'))
      else pumped.then(() => resolve({ exitCode: killed ? null : exitCode, killed, ms: Date.now() - startedAt }), reject)
    })
  })
}

async function feed(input: NodeJS.WritableStream, source: AsyncIterable<Uint8Array> | undefined) {
  for await (const chunk of source ?? []) input.write(chunk)
  input.end()
}

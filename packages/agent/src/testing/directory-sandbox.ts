// The Sandbox port over a plain folder with plain child processes. It isolates nothing: for tests of what uses a sandbox, never for an agent's code.

import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, matchesGlob, relative, resolve } from 'node:path'
import { type ExecResult, type ExecSpec, type FileEntry, type Sandbox, SandboxLost, type SandboxProcess } from '@slipway/core/ports'

export interface DirectorySandbox extends Sandbox {
  /** Writes files as somebody other than the model would. */
  put(files: Record<string, string | Uint8Array>): Promise<void>
  /** Every later call fails as if the machine had gone. */
  lose(): void
  /** Ends what still runs and removes the folder. */
  remove(): Promise<void>
}

/** A sandbox in a new temporary folder. */
export async function openDirectorySandbox(): Promise<DirectorySandbox> {
  const base = await realpath(await mkdtemp(join(tmpdir(), 'slipway-directory-')))
  const root = join(base, 'work')
  await mkdir(root)
  const running = new Set<ChildProcess>()
  let isLost = false
  const alive = (): void => {
    if (isLost) throw new SandboxLost(base, 'the sandbox is gone')
  }
  const inside = (path: string): string | null => {
    const absolute = resolve(root, path)
    return absolute === root || absolute.startsWith(`${root}/`) ? absolute : null
  }

  function run(spec: ExecSpec | Parameters<Sandbox['start']>[0]): {
    child: ChildProcess
    exited: Promise<ExecResult>
    kill(why: 'timeout' | 'stopped'): void
  } {
    const startedAt = performance.now()
    const [program = '', ...rest] = spec.argv
    const child = spawn(program, rest, {
      cwd: inside(spec.cwd ?? '.') ?? root,
      env: { PATH: process.env['PATH'] ?? '', HOME: root, ...spec.env },
      detached: true,
    })
    running.add(child)
    let killed: ExecResult['killed'] = null
    const kill = (why: 'timeout' | 'stopped'): void => {
      killed ??= why
      endGroup(child)
    }
    const onAbort = (): void => kill('stopped')
    if (spec.signal?.aborted) onAbort()
    spec.signal?.addEventListener('abort', onAbort, { once: true })
    const closed = new Promise<number | null>((done) => {
      child.once('exit', (code) => done(code))
      child.once('error', () => done(127))
    })
    const exited = Promise.all([closed, pump(child, 'stdout', spec.onOutput), pump(child, 'stderr', spec.onOutput)]).then(
      ([code]): ExecResult => {
        running.delete(child)
        spec.signal?.removeEventListener('abort', onAbort)
        return { exitCode: killed === null ? code : null, killed, ms: Math.round(performance.now() - startedAt) }
      },
    )
    return { child, exited, kill }
  }

  const sandbox: DirectorySandbox = {
    id: base,
    backend: 'process',
    root,
    async exec(spec) {
      alive()
      const { child, exited, kill } = run(spec)
      const timer = setTimeout(() => kill('timeout'), spec.timeoutMs)
      if (spec.stdin) for await (const chunk of spec.stdin) child.stdin?.write(chunk)
      child.stdin?.end()
      return exited.finally(() => clearTimeout(timer))
    },
    async start(spec): Promise<SandboxProcess> {
      alive()
      const { child, exited, kill } = run(spec)
      return {
        write: (bytes) => new Promise((done, fail) => child.stdin?.write(bytes, (error) => (error ? fail(error) : done()))),
        endInput: () => new Promise((done) => child.stdin?.end(done)),
        exited,
        async kill() {
          kill('stopped')
          await exited
        },
      }
    },
    async readFile(path, { offset = 0, maxBytes }) {
      alive()
      const place = inside(path)
      if (place === null) return { ok: false, problem: 'outside', message: `${path} is outside the work tree` }
      const kind = await kindOf(place)
      if (kind !== 'file') return { ok: false, problem: kind, message: `${path}: ${kind}` }
      const bytes = await readFile(place)
      return { ok: true, bytes: bytes.subarray(offset, offset + maxBytes), totalBytes: bytes.length, sha: shaOf(bytes) }
    },
    async writeFile(path, bytes, { expectedSha }) {
      alive()
      const place = inside(path)
      if (place === null) return { ok: false, problem: 'outside', message: `${path} is outside the work tree` }
      const kind = await kindOf(place)
      if (kind === 'directory' || kind === 'special') return { ok: false, problem: kind, message: `${path}: ${kind}` }
      const current = kind === 'file' ? shaOf(await readFile(place)) : null
      if (expectedSha !== undefined && expectedSha !== current) return { ok: false, problem: 'changed', message: `${path} changed` }
      await mkdir(dirname(place), { recursive: true })
      await writeFile(place, bytes)
      return { ok: true, sha: shaOf(bytes), created: current === null }
    },
    async list(path, { depth, limit }) {
      alive()
      const place = inside(path)
      if (place === null) return { ok: false, problem: 'outside', message: `${path} is outside the work tree` }
      const kind = await kindOf(place)
      if (kind !== 'directory')
        return { ok: false, problem: kind === 'missing' ? 'missing' : 'special', message: `${path} is not a directory` }
      const entries = await walk(root, place, depth)
      return { ok: true, entries: entries.slice(0, limit), truncated: entries.length > limit }
    },
    async search({ pattern, path, glob, limit, ignoreCase }) {
      alive()
      const place = inside(path)
      if (place === null) return { ok: false, message: `${path} is outside the work tree` }
      let expression: RegExp
      try {
        expression = new RegExp(pattern, ignoreCase ? 'iu' : 'u')
      } catch (error) {
        return { ok: false, message: (error as Error).message }
      }
      const kind = await kindOf(place)
      if (kind === 'missing') return { ok: false, message: `${path} does not exist` }
      const paths =
        kind === 'file'
          ? [relative(root, place)]
          : (await walk(root, place, 64)).filter((entry) => entry.kind === 'file').map((entry) => entry.path)
      const matches: { path: string; line: number; text: string }[] = []
      for (const file of paths) {
        if (glob !== null && !matchesGlob(file, glob) && !matchesGlob(file, `**/${glob}`)) continue
        const lines = (await readFile(join(root, file), 'utf8')).split('\n')
        for (const [index, text] of lines.entries()) if (expression.test(text)) matches.push({ path: file, line: index + 1, text })
      }
      return { ok: true, matches: matches.slice(0, limit), truncated: matches.length > limit }
    },
    connect: async () => ({ ok: false, kind: 'impossible', message: 'not in this sandbox' }),
    listeningPorts: async () => [],
    async checkpoint() {
      alive()
      const startedAt = performance.now()
      const treeHash = await hashTree(root)
      const place = join(base, treeHash)
      const changed = (await kindOf(place)) === 'missing'
      if (changed) await cp(root, place, { recursive: true })
      return { checkpoint: treeHash, treeHash, changed, ms: Math.round(performance.now() - startedAt) }
    },
    async restore(checkpoint) {
      alive()
      const place = join(base, checkpoint)
      if ((await kindOf(place)) !== 'directory') return { ok: false, kind: 'unknown', message: `no checkpoint ${checkpoint}` }
      for (const name of await readdir(root)) await rm(join(root, name), { recursive: true })
      await cp(place, root, { recursive: true })
      return { ok: true, treeHash: checkpoint }
    },
    setEgress: async () => undefined,
    async close({ deleteWorkspace }) {
      for (const child of running) endGroup(child)
      if (deleteWorkspace) await rm(base, { recursive: true, force: true })
    },
    async put(files) {
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(root, path)), { recursive: true })
        await writeFile(join(root, path), content)
      }
    },
    lose() {
      isLost = true
      for (const child of running) endGroup(child)
    },
    remove: () => sandbox.close({ deleteWorkspace: true }),
  }
  return sandbox
}

async function pump(child: ChildProcess, stream: 'stdout' | 'stderr', onOutput: ExecSpec['onOutput']): Promise<void> {
  for await (const chunk of child[stream] ?? []) await onOutput?.(chunk as Uint8Array, stream)
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}

async function kindOf(place: string): Promise<'file' | 'directory' | 'special' | 'missing'> {
  try {
    const found = await stat(place)
    return found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'special'
  } catch {
    return 'missing'
  }
}

async function walk(root: string, folder: string, depth: number): Promise<FileEntry[]> {
  const entries: FileEntry[] = []
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort((left, right) => (left.name < right.name ? -1 : 1))) {
    if (entry.name === '.git') continue
    const place = join(folder, entry.name)
    const kind = entry.isDirectory() ? 'directory' : entry.isSymbolicLink() ? 'symlink' : entry.isFile() ? 'file' : 'special'
    entries.push({ path: relative(root, place), kind, bytes: kind === 'file' ? (await stat(place)).size : 0 })
    if (kind === 'directory' && depth > 1) entries.push(...(await walk(root, place, depth - 1)))
  }
  return entries
}

async function hashTree(root: string): Promise<string> {
  const hash = createHash('sha256')
  for (const entry of await walk(root, root, 64)) {
    hash.update(`${entry.kind} ${entry.path}\0`)
    if (entry.kind === 'file') hash.update(await readFile(join(root, entry.path)))
  }
  return hash.digest('hex')
}

function shaOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

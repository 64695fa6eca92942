// The real command line in a process of its own, with a home, a repository and scripts made for the test.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createSampleRepository } from '@slipway/server/sample/sample-repository'

const MAIN = new URL('../start.mjs', import.meta.url).pathname

export interface Run {
  child: ChildProcess
  stdout(): string
  stderr(): string
  until(text: string | RegExp): Promise<void>
  exited: Promise<{ code: number | null; stdout: string; stderr: string }>
}

export interface CliHome {
  home: string
  repository: string
  start(args: string[], variables?: Record<string, string>): Run
  run(args: string[], variables?: Record<string, string>): Promise<{ code: number | null; stdout: string; stderr: string }>
  /** Writes a script and returns the model's name. */
  script(name: string, steps: unknown[]): Promise<string>
  close(): Promise<void>
}

export async function openCliHome(): Promise<CliHome> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-cli-'))
  // A sandbox user must be able to pass through when the tests run as root.
  await chmod(folder, 0o711)
  const home = join(folder, 'home')
  const repository = join(folder, 'repository.git')
  await mkdir(join(folder, 'files'))
  await writeFile(join(folder, 'files', 'greeting.txt'), 'hello\n')
  await createSampleRepository({ folder: join(folder, 'files'), gitDir: repository, at: new Date('2026-01-01T00:00:00Z') })
  const running = new Set<ChildProcess>()

  function start(args: string[], variables: Record<string, string> = {}): Run {
    const { PATH, HOME } = process.env
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { PATH, HOME, SLIPWAY_HOME: home, SLIPWAY_SANDBOX_STATE: join(folder, 'sandboxes'), ...variables },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    const text = { stdout: '', stderr: '' }
    const waiting = new Set<() => void>()
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
        text[name] += chunk
        for (const look of waiting) look()
      })
    }
    const exited = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) =>
      child.on('close', (code) => {
        running.delete(child)
        for (const look of waiting) look()
        resolve({ code, ...text })
      }),
    )
    return {
      child,
      stdout: () => text.stdout,
      stderr: () => text.stderr,
      exited,
      until: (wanted) =>
        new Promise((resolve, reject) => {
          function look(): void {
            const all = text.stdout + text.stderr
            if (typeof wanted === 'string' ? all.includes(wanted) : wanted.test(all)) resolve()
            else if (!running.has(child)) reject(new Error(`the command ended without "${wanted}":\n${all}`))
          }
          waiting.add(look)
          look()
        }),
    }
  }

  return {
    home,
    repository,
    start,
    run: (args, variables) => start(args, variables).exited,
    async script(name, steps) {
      const path = join(folder, `${name}.json`)
      await writeFile(path, JSON.stringify({ name, steps }))
      return `scripted/${path}`
    },
    async close() {
      for (const child of running) child.kill('SIGKILL')
      await unmountBelow(folder)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A killed process leaves the disks of its sandboxes mounted; its next start would close them, but there is none. */
async function unmountBelow(folder: string): Promise<void> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '')
  const below = mounts.split('\n').flatMap((line) => line.split(' ')[1] ?? [])
  for (const path of below.filter((mounted) => mounted.startsWith(`${folder}/`))) await promisify(execFile)('umount', [path])
}

/** Steps of a model that changes the greeting and sees it through; `before` runs first. */
export function changeGreeting(before: unknown[] = []): unknown[] {
  return [
    ...before,
    { tool_calls: [{ name: 'write_file', input: { path: 'farewell.txt', content: 'good bye\n' } }] },
    { tool_calls: [{ name: 'commit', input: { message: 'feat: say good bye' } }] },
    { tool_calls: [{ name: 'publish', input: { title: 'feat: say good bye', summary: 'It says good bye now.' } }] },
    { tool_calls: [{ name: 'finish', input: { summary: 'It says good bye now.' } }] },
  ]
}

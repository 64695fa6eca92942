// What every attack needs: a home of its own, a repository an attacker made, and a session whose scripted model does the attacker's work.

import { execFile } from 'node:child_process'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { EventBody, EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { openCliHome, type CliHome } from '../../apps/cli/src/testing/cli-process.ts'

const run = promisify(execFile)

export interface Attack {
  cli: CliHome
  /** Folder that holds the home; free for files of the test. */
  folder: string
  /** A repository with these files in its first commit. */
  repository(name: string, files: Record<string, string>): Promise<string>
  /** Runs a session to its rest and returns its facts. `bash` steps are commands of the agent, in order. */
  session(input: SessionInput): Promise<Facts>
  close(): Promise<void>
}

interface SessionInput {
  repository: string
  backend?: 'bubblewrap' | 'docker'
  steps: unknown[]
  variables?: Record<string, string>
  /** Extra arguments of `slipway run`; `--auto` is always there. */
  args?: string[]
  /** Used instead of a script. */
  model?: string
}

interface Facts {
  code: number | null
  stdout: string
  stderr: string
  events: SessionEvent[]
  only<T extends EventType>(type: T): EventOf<T>[]
  /** What the tool calls answered, in order. */
  outputs: string[]
}

export async function openAttack(): Promise<Attack> {
  const cli = await openCliHome()
  const folder = join(cli.home, '..')
  let scripts = 0
  return {
    cli,
    folder,
    async repository(name, files) {
      const path = join(folder, name)
      for (const [file, text] of Object.entries(files)) {
        await mkdir(dirname(join(path, file)), { recursive: true })
        await writeFile(join(path, file), text)
        if (file.endsWith('.sh')) await chmod(join(path, file), 0o755)
      }
      await git(path, 'init', '-q', '-b', 'main', '.')
      await git(path, 'add', '-A', '-f')
      await git(path, 'commit', '-q', '--allow-empty', '-m', 'Base')
      return path
    },
    async session({ repository, backend = 'bubblewrap', steps, variables = {}, args = [], model }) {
      const script = model ?? (await cli.script(`script-${++scripts}`, steps))
      const ended = await cli.run(
        ['run', '--repo', repository, '--task', 'Do the task', '--model', script, '--auto', '--sandbox', backend, '--json', ...args],
        variables,
      )
      const events = ended.stdout
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as SessionEvent)
      return { ...ended, events, ...factsOf(events) }
    },
    close: () => cli.close(),
  }
}

function factsOf(events: SessionEvent[]): Pick<Facts, 'only' | 'outputs'> {
  const bodies: EventBody[] = events.map((event) => event.body)
  function only<T extends EventType>(type: T): EventOf<T>[] {
    return bodies.filter((body): body is EventOf<T> => body.type === type)
  }
  return { only, outputs: only('tool-finished').map((body) => body.output) }
}

export const bash = (command: string, more: Record<string, unknown> = {}): unknown => ({
  tool_calls: [{ name: 'bash', input: { command, ...more } }],
})

export const finish: unknown = { tool_calls: [{ name: 'finish', input: { summary: 'Done.' } }] }

/** Commits everything and offers it for publication. */
export const publishAll: unknown[] = [
  { tool_calls: [{ name: 'commit', input: { message: 'feat: do the task' } }] },
  { tool_calls: [{ name: 'publish', input: { title: 'feat: do the task', summary: 'Done.' } }] },
  finish,
  finish,
]

/** Runs git as a person would, without the machine's settings. */
export async function git(cwd: string, ...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=A', '-c', 'user.email=a@example.org']
  const env = { PATH: process.env['PATH'], HOME: '/nonexistent', GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' }
  const running = run('git', [...identity, ...args], { cwd, env })
  running.child.stdin?.end()
  return (await running).stdout.trim()
}

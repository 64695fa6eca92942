// Commands that keep running between calls. They live as long as the sandbox; their output is kept in a bounded buffer.

import type { Clock, ExecResult, Sandbox } from '@slipway/core/ports'
import { SandboxLost } from '@slipway/core/ports'

export interface BackgroundCommands {
  start(sandbox: Sandbox, command: string): Promise<string>
  /** Output since the last look; waits up to `waitMs` for some, or for the end. Null: no such command in this sandbox. */
  look(sandbox: Sandbox, id: string, options: { waitMs: number; signal: AbortSignal }): Promise<Look | null>
  kill(sandbox: Sandbox, id: string): Promise<boolean>
}

export interface Look {
  output: string
  omittedChars: number
  isRunning: boolean
  exitCode: number | null
  ranMs: number
}

interface Entry {
  sandboxId: string
  startedMs: number
  unread: string
  omittedChars: number
  result: ExecResult | null
  changed: () => void
  kill(): Promise<void>
}

const maxUnreadChars = 128 * 1024

/** Background commands of one drive; a new sandbox knows none of an old one's. */
export function backgroundCommands(clock: Clock): BackgroundCommands {
  const entries = new Map<string, Entry>()
  const find = (sandbox: Sandbox, id: string): Entry | null => {
    const entry = entries.get(id)
    return entry?.sandboxId === sandbox.id ? entry : null
  }

  return {
    async start(sandbox, command) {
      const id = `bg${entries.size + 1}`
      const decoder = new TextDecoder()
      const entry: Entry = {
        sandboxId: sandbox.id,
        startedMs: performance.now(),
        unread: '',
        omittedChars: 0,
        result: null,
        changed: () => undefined,
        kill: async () => undefined,
      }
      const child = await sandbox.start({
        argv: ['bash', '-c', command],
        onOutput: (chunk) => {
          append(entry, decoder.decode(chunk, { stream: true }))
        },
      })
      entry.kill = () => child.kill()
      void child.exited.then(
        (result) => end(entry, result),
        () => end(entry, { exitCode: null, killed: 'stopped', ms: ranMs(entry) }),
      )
      entries.set(id, entry)
      return id
    },
    async look(sandbox, id, { waitMs, signal }) {
      const entry = find(sandbox, id)
      if (!entry) return null
      if (entry.unread === '' && !entry.result && waitMs > 0) await nextChange(entry, clock, waitMs, signal)
      const { unread: output, omittedChars, result } = entry
      entry.unread = ''
      entry.omittedChars = 0
      return {
        output,
        omittedChars,
        isRunning: result === null,
        exitCode: result?.exitCode ?? null,
        ranMs: result?.ms ?? ranMs(entry),
      }
    },
    async kill(sandbox, id) {
      const entry = find(sandbox, id)
      if (!entry) return false
      try {
        await entry.kill()
      } catch (error) {
        if (!(error instanceof SandboxLost)) throw error
      }
      return true
    },
  }
}

function ranMs({ startedMs }: Entry): number {
  return Math.round(performance.now() - startedMs)
}

/** Keeps the newest output; what falls off is counted. */
function append(entry: Entry, text: string): void {
  entry.unread += text
  const excess = entry.unread.length - maxUnreadChars
  if (excess > 0) {
    entry.unread = entry.unread.slice(excess)
    entry.omittedChars += excess
  }
  entry.changed()
}

function end(entry: Entry, result: ExecResult): void {
  entry.result = result
  entry.changed()
}

async function nextChange(entry: Entry, clock: Clock, waitMs: number, signal: AbortSignal): Promise<void> {
  const done = new AbortController()
  entry.changed = () => done.abort()
  await clock.sleep(waitMs, AbortSignal.any([done.signal, signal]))
  entry.changed = () => undefined
}

// A tool context over a directory sandbox, for tests of the tools.

import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '@slipway/core/ports'
import { backgroundCommands } from '../tools/background.ts'
import type { ToolContext } from '../tools/tool-outcome.ts'
import { type DirectorySandbox, openDirectorySandbox } from './directory-sandbox.ts'

export interface ToolBench {
  sandbox: DirectorySandbox
  context: ToolContext
  /** Everything the tools streamed, joined. */
  streamed(): string
  stop(): void
  text(path: string): Promise<string>
  close(): Promise<void>
}

/** A bench with these files in its work tree. */
export async function openToolBench(files: Record<string, string | Uint8Array> = {}): Promise<ToolBench> {
  const sandbox = await openDirectorySandbox()
  await sandbox.put(files)
  const stop = new AbortController()
  let streamed = ''
  const context: ToolContext = {
    sandbox: async () => sandbox,
    signal: stop.signal,
    clock: wallClock,
    onOutput: (text) => {
      streamed += text
    },
    fileShas: new Map(),
    background: backgroundCommands(wallClock),
  }
  return {
    sandbox,
    context,
    streamed: () => streamed,
    stop: () => stop.abort(),
    async text(path) {
      const file = await sandbox.readFile(path, { maxBytes: 10_000_000 })
      if (!file.ok) throw new Error(file.message)
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(file.bytes)
    },
    close: () => sandbox.remove(),
  }
}

const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined),
}

// Starts the model double that the measurements of whole sessions share.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { environmentFor } from '../../e2e/doubles/models/environment.ts'

export interface Play {
  /** So many answers call `bash true`; the next one ends the task. */
  toolCalls: number
  /** Tokens of text in each answer. */
  words: number
  /** Between two pieces of text; 0: as fast as it goes. */
  paceMs: number
}

/** One request as it arrived. */
export interface Asked {
  /** Milliseconds of the wall clock, with fractions. */
  atMs: number
  bytes: number
  turns: number
  isPrefixKept: boolean
}

export interface ModelProcess {
  url: string
  key: string
  model: string
  variables: Record<string, string>
  /** What it answers from now on. */
  play(play: Play): Promise<void>
  /** Forgets what it was asked. */
  forget(): Promise<void>
  asked(): Promise<Asked[]>
  close(): void
}

export async function startModelProcess(): Promise<ModelProcess> {
  const child = fork(new URL('./model-process.child.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const answer = async (): Promise<unknown> => (await once(child, 'message'))[0]
  const { url, key } = (await answer()) as { url: string; key: string } // our own child sends nothing else
  const ask = async (message: object): Promise<Asked[]> => {
    child.send(message)
    return ((await answer()) as { asked: Asked[] }).asked
  }
  return {
    url,
    key,
    ...environmentFor('anthropic', { url, key }),
    async play(play) {
      await ask({ kind: 'play', play })
    },
    async forget() {
      await ask({ kind: 'forget' })
    },
    asked: () => ask({ kind: 'facts' }),
    close: () => child.disconnect(),
  }
}

// The host's end of the conversation with a runner. Whatever comes from there is checked: sizes, ids, credit.
// The first thing that does not fit ends the sandbox.

import type { Readable, Writable } from 'node:stream'
import { SandboxLost } from '@slipway/core/ports'
import { encodeFrame, frameReader } from '../protocol/frame.ts'
import { type Operation, PIECE_COST, type RunnerFacts, STREAM_WINDOW, type ToRunner } from '../protocol/messages.ts'

/** A runner may overshoot its window by what was read before it paused. */
const WINDOW_SLACK = 256 * 1024
/** A runner ends a search itself after 20 s; one that answers nothing for so long was frozen or taken over. */
const CALL_LIMIT_MS = 60_000

export interface Reply {
  result: Record<string, unknown>
  bytes: Uint8Array
}

export interface CommandHandlers {
  onOutput(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void | Promise<void>
}

export interface ConnectionHandlers extends CommandHandlers {
  onConnected(): void
  /** The other side sends nothing more; called after all output was handled. */
  onEnd(): void
}

export interface RunningCommand {
  /** False when the command has ended and nobody reads any more. */
  write(bytes: Uint8Array): Promise<boolean>
  endInput(): void
  kill(): void
  /** After all output was handled. Rejects with SandboxLost. */
  exited: Promise<{ code: number | null; signal: string | null }>
}

export interface Channel {
  ready: Promise<RunnerFacts>
  exec(input: { argv: string[]; cwd: string; env: Record<string, string>; input: boolean }, handlers: CommandHandlers): RunningCommand
  /** Ends with `exited`, whose code says nothing; without `onConnected` before it the connection was refused. */
  connect(port: number, handlers: ConnectionHandlers): RunningCommand
  call(op: Operation, args: Record<string, unknown>, options?: { bytes?: Uint8Array; signal?: AbortSignal }): Promise<Reply>
  /** Ends every wait with SandboxLost. */
  lose(reason: string): void
}

interface Entry {
  receive(message: Record<string, unknown>, bytes: Uint8Array): void
  lose(error: SandboxLost): void
}

/** `onViolation` is called once, when the runner says something that a sane one would not, or nothing at all. */
export function openChannel(input: {
  sandboxId: string
  input: Writable
  output: Readable
  onViolation(reason: string): void
  callLimitMs?: number
}): Channel {
  const callLimitMs = input.callLimitMs ?? CALL_LIMIT_MS
  const entries = new Map<number, Entry>()
  let nextId = 1
  let lost: SandboxLost | null = null
  let isReady = false
  /** Input that was sent and not acknowledged, of commands that ended too. */
  let inputUnderWay = 0
  let announce: (facts: RunnerFacts) => void = () => undefined
  let refuseReady: (error: SandboxLost) => void = () => undefined
  const ready = new Promise<RunnerFacts>((resolve, reject) => {
    announce = resolve
    refuseReady = reject
  })
  ready.catch(() => undefined)

  function lose(reason: string): void {
    if (lost) return
    lost = new SandboxLost(input.sandboxId, reason)
    refuseReady(lost)
    for (const entry of [...entries.values()]) entry.lose(lost)
    entries.clear()
  }

  function send(message: ToRunner, bytes?: Uint8Array): void {
    if (lost) throw lost
    input.input.write(encodeFrame(message as unknown as Record<string, unknown>, bytes))
  }

  const read = frameReader()
  input.input.on('error', () => undefined)
  input.output.on('error', () => undefined)
  input.output.on('data', (chunk: Buffer) => {
    if (lost) return
    try {
      for (const frame of read(chunk)) receive(frame.message, frame.bytes)
    } catch (error) {
      giveUp(`the sandbox's runner broke its protocol: ${error instanceof Error ? error.message : String(error)}`)
    }
  })

  function giveUp(reason: string): void {
    lose(reason)
    input.onViolation(reason)
  }

  function receive(message: Record<string, unknown>, bytes: Uint8Array): void {
    if (message['t'] === 'ready') {
      if (isReady) throw new Error('ready was said twice')
      isReady = true
      return announce(readFacts(message['facts']))
    }
    const entry = entries.get(message['id'] as number)
    if (message['t'] === 'in-ack') {
      inputUnderWay -= toCount(message['n'])
      if (inputUnderWay < 0) throw new Error('more input was acknowledged than was sent')
      // That may come after the command's end.
      if (!entry) return
    }
    if (!entry) throw new Error('a message for an unknown id')
    entry.receive(message, bytes)
  }

  type Beginning = Omit<Extract<ToRunner, { t: 'exec' }>, 'id'> | Omit<Extract<ToRunner, { t: 'connect' }>, 'id'>

  function begin(beginning: Beginning, handlers: CommandHandlers & Partial<ConnectionHandlers>): RunningCommand {
    const id = nextId++
    let isConnected = false
    const flow = outputFlow(handlers, (n) => {
      if (!lost) send({ t: 'ack', id, n })
    })
    const credit = inputCredit()
    const exited = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
      entries.set(id, {
        receive(message, bytes) {
          if (message['t'] === 'out') return flow.push(bytes, message['s'] === 2 ? 'stderr' : 'stdout')
          if (message['t'] === 'in-ack') return credit.give(toCount(message['n']))
          if (beginning.t === 'connect' && message['t'] === 'connected' && !isConnected) {
            isConnected = true
            return handlers.onConnected?.()
          }
          if (beginning.t === 'connect' && message['t'] === 'out-end') {
            void flow.drained().then(handlers.onEnd, () => undefined)
            return
          }
          if (message['t'] !== 'exit') throw new Error('an unexpected message for a command')
          const code = typeof message['code'] === 'number' ? message['code'] : null
          const signal = typeof message['signal'] === 'string' ? message['signal'] : null
          entries.delete(id)
          credit.fail(null)
          flow.drained().then(() => resolve({ code, signal }), reject)
        },
        lose(error) {
          credit.fail(error)
          reject(error)
        },
      })
    })
    exited.catch(() => undefined)
    send({ ...beginning, id })
    return {
      exited,
      async write(bytes) {
        for (let from = 0; from < bytes.length; from += STREAM_WINDOW / 4) {
          const part = bytes.subarray(from, from + STREAM_WINDOW / 4)
          if (!(await credit.take(part.length))) return false
          inputUnderWay += part.length
          send({ t: 'in', id }, part)
        }
        return true
      },
      endInput() {
        if (!lost) send({ t: 'in-end', id })
      },
      kill() {
        if (!lost) send({ t: 'kill', id })
      },
    }
  }

  function call(op: Operation, args: Record<string, unknown>, options?: { bytes?: Uint8Array; signal?: AbortSignal }): Promise<Reply> {
    if (lost) return Promise.reject(lost)
    const id = nextId++
    return new Promise<Reply>((resolve, reject) => {
      const cancel = (): void => {
        if (!lost) send({ t: 'cancel', id })
      }
      const late = setTimeout(() => giveUp(`the sandbox's runner did not answer within ${callLimitMs / 1000} s`), callLimitMs)
      const finish = (): void => {
        clearTimeout(late)
        options?.signal?.removeEventListener('abort', cancel)
      }
      entries.set(id, {
        receive(message, bytes) {
          if (message['t'] !== 'reply' || typeof message['result'] !== 'object' || message['result'] === null)
            throw new Error('an unexpected message for a call')
          entries.delete(id)
          finish()
          resolve({ result: message['result'] as Record<string, unknown>, bytes })
        },
        lose(error) {
          finish()
          reject(error)
        },
      })
      send({ t: 'call', id, op, args }, options?.bytes)
      if (options?.signal?.aborted) cancel()
      options?.signal?.addEventListener('abort', cancel, { once: true })
    })
  }

  return {
    ready,
    exec: (spec, handlers) => begin({ t: 'exec', ...spec }, handlers),
    connect: (port, handlers) => begin({ t: 'connect', port }, handlers),
    call,
    lose,
  }
}

/** Hands output on in order, one chunk at a time, and acknowledges what was taken. */
function outputFlow(
  handlers: CommandHandlers,
  acknowledge: (worth: number) => void,
): { push(bytes: Uint8Array, stream: 'stdout' | 'stderr'): void; drained(): Promise<void> } {
  let waiting = 0
  let tail: Promise<void> = Promise.resolve()
  return {
    push(bytes, stream) {
      const worth = bytes.length + PIECE_COST
      waiting += worth
      if (waiting > STREAM_WINDOW + WINDOW_SLACK) throw new Error('more output than was asked for')
      tail = tail.then(async () => {
        await handlers.onOutput(bytes, stream)
        waiting -= worth
        acknowledge(worth)
      })
      tail.catch(() => undefined)
    },
    drained: () => tail,
  }
}

function inputCredit(): { take(bytes: number): Promise<boolean>; give(bytes: number): void; fail(error: SandboxLost | null): void } {
  let available = STREAM_WINDOW
  let isOver = false
  let failure: SandboxLost | null = null
  let wake: () => void = () => undefined
  return {
    async take(bytes) {
      while (available < bytes && !isOver)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      if (failure) throw failure
      available -= bytes
      return !isOver
    },
    give(bytes) {
      available = Math.min(STREAM_WINDOW, available + bytes)
      wake()
    },
    fail(error) {
      isOver = true
      failure = error
      wake()
    },
  }
}

function toCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) throw new Error('not a count')
  return value
}

function readFacts(value: unknown): RunnerFacts {
  const facts = (value ?? {}) as Partial<Record<keyof RunnerFacts, unknown>>
  return {
    uid: Number(facts.uid),
    noNewPrivileges: String(facts.noNewPrivileges),
    seccomp: String(facts.seccomp),
    effectiveCapabilities: String(facts.effectiveCapabilities),
    boundingCapabilities: String(facts.boundingCapabilities),
  }
}

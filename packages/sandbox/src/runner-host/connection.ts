// One connection from the host to a port inside, with a deadline until it stands. Nothing inside can open one.

import type { ConnectResult, SandboxConnection } from '@slipway/core/ports'
import type { Channel } from './channel.ts'

export interface ConnectInput {
  port: number
  timeoutMs: number
  signal?: AbortSignal
}

/** Throws SandboxLost when the sandbox is gone, or goes before the connection stands. */
export async function openConnection(channel: Channel, { port, timeoutMs, signal }: ConnectInput): Promise<ConnectResult> {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return { ok: false, kind: 'refused', message: `${port} is no port.` }
  const chunks = handOver()
  const connected = Promise.withResolvers<'connected' | 'late'>()
  const stream = channel.connect(port, {
    onConnected: () => connected.resolve('connected'),
    onOutput: (chunk) => chunks.push(chunk),
    onEnd: () => chunks.end(null),
  })
  const deadline = setTimeout(() => connected.resolve('late'), timeoutMs)
  const stop = (): void => connected.resolve('late')
  signal?.addEventListener('abort', stop, { once: true })
  if (signal?.aborted) stop()
  const closed = stream.exited.then(
    () => chunks.end(null),
    (error: unknown) => chunks.end(error),
  )
  const result = await Promise.race([connected.promise, stream.exited.then(() => 'refused' as const)]).finally(() => {
    clearTimeout(deadline)
    signal?.removeEventListener('abort', stop)
  })
  if (result === 'refused') return { ok: false, kind: 'refused', message: `Nothing listens on port ${port} in the sandbox.` }
  if (result === 'late') {
    chunks.discard()
    stream.kill()
    return { ok: false, kind: 'late', message: `Port ${port} in the sandbox did not take the connection in time.` }
  }
  const connection: SandboxConnection = {
    incoming: chunks.incoming,
    write: (bytes) => stream.write(bytes),
    endInput: () => stream.endInput(),
    close() {
      chunks.discard()
      stream.kill()
    },
    closed,
  }
  return { ok: true, connection }
}

interface HandOver {
  /** Resolves when somebody has taken the chunk. */
  push(chunk: Uint8Array): Promise<void>
  end(error: unknown): void
  /** Nobody reads any more: what comes is dropped. */
  discard(): void
  incoming: AsyncIterable<Uint8Array>
}

/** One chunk at a time from who pushes to who pulls; neither runs ahead of the other. */
function handOver(): HandOver {
  let waiting: { chunk: Uint8Array; taken(): void } | null = null
  let isOver = false
  let failure: unknown = null
  let wake: () => void = () => undefined

  async function* pull(): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (waiting !== null) {
        const { chunk, taken } = waiting
        waiting = null
        taken()
        yield chunk
      } else if (isOver) {
        if (failure !== null) throw failure
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }

  return {
    push(chunk) {
      if (isOver) return Promise.resolve()
      return new Promise((taken) => {
        waiting = { chunk, taken }
        wake()
      })
    },
    end(error) {
      if (isOver) return
      isOver = true
      failure = error
      wake()
    },
    discard() {
      isOver = true
      waiting?.taken()
      waiting = null
      wake()
    },
    incoming: { [Symbol.asyncIterator]: pull },
  }
}

// Hands chunks from a callback to a reader, one at a time: the writer waits until the reader took the chunk.

export interface ByteChannel extends AsyncIterable<Uint8Array> {
  /** Resolves when the chunk was taken, or at once when nobody reads any more. */
  write(chunk: Uint8Array): Promise<void>
  end(): void
  /** The reader gets this error instead of an end. */
  fail(error: Error): void
  /** Called by the reading side: nothing more is wanted. */
  close(): void
}

export function byteChannel(): ByteChannel {
  let waiting: { chunk: Uint8Array; taken(): void }[] = []
  let finished: { error: Error | null } | null = null
  let isClosed = false
  let wake: () => void = () => {}

  async function* read(): AsyncGenerator<Uint8Array> {
    while (!isClosed) {
      const next = waiting.shift()
      if (next) {
        // A reader that leaves in the middle must not keep the writer waiting.
        try {
          yield next.chunk
        } finally {
          next.taken()
        }
      } else if (finished) {
        if (finished.error) throw finished.error
        return
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  }

  return {
    [Symbol.asyncIterator]: read,
    write(chunk) {
      if (isClosed || finished) return Promise.resolve()
      return new Promise<void>((taken) => {
        waiting.push({ chunk, taken })
        wake()
      })
    },
    end() {
      finished ??= { error: null }
      wake()
    },
    fail(error) {
      finished ??= { error }
      for (const { taken } of waiting.splice(0)) taken()
      wake()
    },
    close() {
      isClosed = true
      for (const { taken } of waiting) taken()
      waiting = []
      wake()
    },
  }
}

// The one way in which the provider clients reach the network: watched, bounded, and without redirects.

import type { Watchdog } from './watchdog.ts'

const MAX_ANSWER_BYTES = 64 * 1024 * 1024

/** What was seen at the wire of one call. */
export interface WireRecord {
  /** A request went out. */
  sent: boolean
  /** Null until the answer's head arrived. */
  status: number | null
  headers: Record<string, string>
  /** An error line inside an answer that began well, for providers whose client drops it. */
  streamError: string | null
  /** The newest line that says what the call has used so far, for providers that say so before the end. */
  usageLine: string | null
}

export function newWireRecord(): WireRecord {
  return { sent: false, status: null, headers: {}, streamError: null, usageLine: null }
}

type Fetch = typeof globalThis.fetch

/**
 * A fetch for one call. Redirects are answers, not followed: a redirect to another host would take custom key headers with it.
 * `onLine` sees each line of a newline-delimited answer; when it throws, the answer ends there. The newest line with `usageMarker` is kept.
 */
export function makeModelFetch(input: {
  wire: WireRecord
  watchdog: Watchdog
  onLine?: (line: string) => void
  usageMarker?: string
}): Fetch {
  const { usageMarker } = input
  const keepUsage = usageMarker && ((line: string): void => void (line.includes(usageMarker) && (input.wire.usageLine = line)))

  return async (url, init) => {
    input.wire.sent = true
    const response = await globalThis.fetch(url, { ...init, redirect: 'manual', signal: init?.signal ?? input.watchdog.signal })
    input.watchdog.beat()
    input.wire.status = response.status
    input.wire.headers = Object.fromEntries(response.headers)
    if (response.body === null) return response
    // A refusal's body is read by the client; only an answer that began well may carry errors in its lines.
    const onLine = response.ok ? (input.onLine ?? keepUsage) : undefined
    return new Response(response.body.pipeThrough(observe({ watchdog: input.watchdog, ...(onLine ? { onLine } : {}) })), {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    })
  }
}

function observe(input: {
  watchdog: Watchdog
  onLine?: (line: string) => void
}): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let bytes = 0
  let rest = ''
  const decoder = new TextDecoder()
  return new TransformStream({
    transform(chunk, controller) {
      input.watchdog.beat()
      bytes += chunk.byteLength
      if (bytes > MAX_ANSWER_BYTES) throw new Error(`The answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MB.`)
      if (input.onLine) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
        rest = lines.pop() ?? ''
        lines.forEach(input.onLine)
      }
      controller.enqueue(chunk)
    },
    flush() {
      if (input.onLine && rest !== '') input.onLine(rest)
    },
  })
}

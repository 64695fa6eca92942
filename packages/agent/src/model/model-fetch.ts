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
  /** A line said that the answer is complete; looked for only where the provider's client does not. */
  hasEnded: boolean
  /** The newest line that says what the call has used so far, for providers that say so before the end. */
  usageLine: string | null
}

export function newWireRecord(): WireRecord {
  return { sent: false, status: null, headers: {}, streamError: null, hasEnded: false, usageLine: null }
}

type Fetch = typeof globalThis.fetch

/**
 * A fetch for one call. Redirects are answers, not followed: a redirect to another host would take custom key headers with it.
 * `onLine` sees each line of a newline-delimited answer; when it throws, the answer ends there. The newest line with `usageMarker` is kept.
 * With `rewriteLine`, the client gets what it returns.
 */
export function makeModelFetch(input: {
  wire: WireRecord
  watchdog: Watchdog
  /** What it throws is what the fetch throws, and nothing is sent. */
  assertHeld?: (() => void) | undefined
  onLine?: (line: string) => void
  rewriteLine?: ((line: string) => string) | undefined
  usageMarker?: string
}): Fetch {
  const { usageMarker } = input
  const keepUsage = usageMarker && ((line: string): void => void (line.includes(usageMarker) && (input.wire.usageLine = line)))

  return async (url, init) => {
    input.assertHeld?.()
    input.wire.sent = true
    const response = await globalThis.fetch(url, { ...init, redirect: 'manual', signal: init?.signal ?? input.watchdog.signal })
    input.watchdog.beat()
    input.wire.status = response.status
    input.wire.headers = Object.fromEntries(response.headers)
    if (response.body === null) return response
    // A refusal's body is read by the client; only an answer that began well may carry errors in its lines.
    const onLine = response.ok ? (input.onLine ?? keepUsage) : undefined
    return new Response(
      response.body.pipeThrough(
        observe({ watchdog: input.watchdog, rewriteLine: response.ok ? input.rewriteLine : undefined, ...(onLine ? { onLine } : {}) }),
      ),
      {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
      },
    )
  }
}

function observe(input: {
  watchdog: Watchdog
  onLine?: (line: string) => void
  rewriteLine: ((line: string) => string) | undefined
}): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  const { onLine, rewriteLine } = input
  let bytes = 0
  let rest = ''
  const decoder = new TextDecoder()
  const encoder = new TextEncoder()
  return new TransformStream({
    transform(chunk, controller) {
      input.watchdog.beat()
      bytes += chunk.byteLength
      if (bytes > MAX_ANSWER_BYTES) throw new Error(`The answer is larger than ${MAX_ANSWER_BYTES / 1024 / 1024} MB.`)
      if (!onLine && !rewriteLine) return controller.enqueue(chunk)
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      if (onLine) lines.forEach(onLine)
      if (!rewriteLine) controller.enqueue(chunk)
      else if (lines.length > 0) controller.enqueue(encoder.encode(`${lines.map(rewriteLine).join('\n')}\n`))
    },
    flush(controller) {
      if (rest === '') return
      onLine?.(rest)
      if (rewriteLine) controller.enqueue(encoder.encode(rewriteLine(rest)))
    },
  })
}

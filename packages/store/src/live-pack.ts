// Packs live messages for NOTIFY: what can be merged is merged, and no payload is larger than PostgreSQL takes.

import type { Delta, LiveMessage, Progress } from '@slipway/core/ports'

/** PostgreSQL takes payloads of less than 8,000 bytes. */
const largestPayloadBytes = 7_500
/** Room for the envelope around the entries. */
const envelopeBytes = 80
/** Text kept while the database cannot be reached; deltas are never stored, so dropping them costs only liveliness. */
const largestBacklogUnits = 2_000_000

type Entry =
  | { kind: 'head'; sessionId: string; head: number }
  | { kind: 'delta'; delta: Delta }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'wake'; sessionId: string }

export interface Outbox {
  add(message: LiveMessage): void
  isEmpty(): boolean
  /** Empties the outbox into payloads, in order. */
  take(origin: string): string[]
}

export function createOutbox(): Outbox {
  let entries = new Map<string, Entry>()
  let newestDelta = new Map<string, string>()
  let units = 0

  function addDelta(delta: Delta): void {
    const stream = `${delta.sessionId} ${delta.callId} ${delta.channel}`
    const previous = entries.get(newestDelta.get(stream) ?? '')
    units += delta.text.length
    if (previous?.kind === 'delta' && previous.delta.offset + previous.delta.text.length === delta.offset) {
      previous.delta.text += delta.text
    } else {
      const key = `delta ${stream} ${entries.size}`
      newestDelta.set(stream, key)
      entries.set(key, { kind: 'delta', delta: { ...delta } })
    }
    if (units > largestBacklogUnits) dropDeltas()
  }

  function dropDeltas(): void {
    for (const [key, entry] of entries) if (entry.kind === 'delta') entries.delete(key)
    newestDelta = new Map()
    units = 0
  }

  return {
    add(message) {
      switch (message.kind) {
        case 'events':
          return void entries.set(`head ${message.sessionId}`, { kind: 'head', sessionId: message.sessionId, head: message.head })
        case 'wake':
          return void entries.set(`wake ${message.sessionId}`, message)
        case 'progress':
          return void entries.set(`progress ${message.progress.sessionId}`, message)
        case 'delta':
          return addDelta(message.delta)
      }
    },
    isEmpty: () => entries.size === 0,
    take(origin) {
      const taken = [...entries.values()]
      entries = new Map()
      newestDelta = new Map()
      units = 0
      return toPayloads(origin, taken)
    },
  }
}

/** null: not one of ours, or sent by `ownOrigin`. */
export function unpack(payload: string, ownOrigin: string): LiveMessage[] | null {
  const { origin, entries } = JSON.parse(payload) as { origin: string; entries: Entry[] } // written by toPayloads
  return origin === ownOrigin ? null : entries.map(toMessage)
}

function toMessage(entry: Entry): LiveMessage {
  return entry.kind === 'head' ? { kind: 'events', sessionId: entry.sessionId, head: entry.head, events: null } : entry
}

function toPayloads(origin: string, entries: Entry[]): string[] {
  const payloads: string[] = []
  let open: string[] = []
  let openBytes = 0
  const close = () => {
    if (open.length > 0) payloads.push(`{"origin":${JSON.stringify(origin)},"entries":[${open.join(',')}]}`)
    open = []
    openBytes = 0
  }
  for (const json of entries.flatMap(toPieces)) {
    const bytes = Buffer.byteLength(json) + 1
    if (openBytes + bytes > largestPayloadBytes - envelopeBytes) close()
    open.push(json)
    openBytes += bytes
  }
  close()
  return payloads
}

/** JSON of the entry, in several pieces when it does not fit into one payload. */
function toPieces(entry: Entry): string[] {
  const json = JSON.stringify(entry)
  if (Buffer.byteLength(json) < largestPayloadBytes - envelopeBytes) return [json]
  if (entry.kind === 'progress') return toPieces({ kind: 'progress', progress: { ...entry.progress, text: halfOf(entry.progress.text) } })
  if (entry.kind !== 'delta') throw new Error(`A live message of kind ${entry.kind} does not fit into a notification.`)
  const { delta } = entry
  const first = halfOf(delta.text)
  const rest = { ...delta, offset: delta.offset + first.length, text: delta.text.slice(first.length) }
  return [...toPieces({ kind: 'delta', delta: { ...delta, text: first } }), ...toPieces({ kind: 'delta', delta: rest })]
}

/** Never ends between the halves of a surrogate pair. */
function halfOf(text: string): string {
  const middle = text.length >> 1
  const splitsPair = /[\ud800-\udbff]/.test(text.charAt(middle - 1)) && /[\udc00-\udfff]/.test(text.charAt(middle))
  return text.slice(0, splitsPair ? middle + 1 : middle)
}

// Text of calls that are still running, written piece by piece at its offsets. A repetition overwrites; nothing doubles.

import type { Delta, DeltaChannel } from '@slipway/core/ports'

export type Piece = Omit<Delta, 'sessionId'>

export interface DeltaTexts {
  /** Writes a piece; false when nothing changed. */
  write(piece: Piece): boolean
  /** What has arrived so far; empty when nothing has, or when the call is over. */
  read(callId: string, channel: DeltaChannel): string
  /** The call has its outcome: its text is in the log now, and late pieces are let go. Returns the channels that had text. */
  finish(callId: string): DeltaChannel[]
  /** Whether there is text of this call. */
  has(callId: string): boolean
  /** The call begins (again): what an earlier attempt printed goes. */
  restart(callId: string): void
}

interface Known {
  /** UTF-16 units that are not known, before the text. */
  offset: number
  text: string
}

/** So many finished calls, and up to twice as many, are remembered: late pieces may still arrive for them. */
const REMEMBERED_CALLS = 1_000

export function makeDeltaTexts(): DeltaTexts {
  const calls = new Map<string, Map<DeltaChannel, Known>>()
  let finished = new Set<string>()
  let finishedBefore: ReadonlySet<string> = new Set()

  return {
    write(piece) {
      if (finished.has(piece.callId) || finishedBefore.has(piece.callId) || piece.text === '') return false
      const channels = calls.get(piece.callId) ?? new Map<DeltaChannel, Known>()
      const known = channels.get(piece.channel)
      const next = merge(known, piece)
      if (known?.offset === next.offset && known.text === next.text) return false
      channels.set(piece.channel, next)
      calls.set(piece.callId, channels)
      return true
    },
    read: (callId, channel) => calls.get(callId)?.get(channel)?.text ?? '',
    finish(callId) {
      if (finished.size === REMEMBERED_CALLS) {
        finishedBefore = finished
        finished = new Set()
      }
      finished.add(callId)
      const channels = [...(calls.get(callId)?.keys() ?? [])]
      calls.delete(callId)
      return channels
    },
    has: (callId) => calls.has(callId),
    restart(callId) {
      calls.delete(callId)
    },
  }
}

/** A piece that does not join on to what is known replaces it: the server keeps only the end of a very long text. */
function merge(known: Known | undefined, { offset, text }: Piece): Known {
  if (known === undefined) return { offset, text }
  const at = offset - known.offset
  if (at < 0 || at > known.text.length) return { offset, text }
  return { offset: known.offset, text: known.text.slice(0, at) + text + known.text.slice(at + text.length) }
}

// One frame: u32 length of the rest, u32 length of the JSON, the JSON, then raw bytes. Big-endian.
// Used by the host and, compiled, by the runner inside; neither trusts the other's lengths.

export const MAX_BYTES = 32 * 1024 * 1024
const MAX_JSON = 4 * 1024 * 1024
const HEADER = 8

export interface Frame {
  message: Record<string, unknown>
  bytes: Uint8Array
}

/** Serialises one frame. Throws when it is larger than the other side would accept. */
export function encodeFrame(message: Record<string, unknown>, bytes?: Uint8Array): Buffer {
  const json = Buffer.from(JSON.stringify(message), 'utf8')
  const payload = bytes?.length ?? 0
  if (json.length > MAX_JSON || payload > MAX_BYTES) throw new Error(`frame too large: ${json.length} + ${payload} bytes`)
  const frame = Buffer.allocUnsafe(HEADER + json.length + payload)
  frame.writeUInt32BE(4 + json.length + payload, 0)
  frame.writeUInt32BE(json.length, 4)
  json.copy(frame, HEADER)
  if (bytes) frame.set(bytes, HEADER + json.length)
  return frame
}

/** Returns a function that takes chunks as they arrive and yields whole frames; it throws on the first malformed one. */
export function frameReader(): (chunk: Buffer) => Frame[] {
  let parts: Buffer[] = []
  let buffered = 0
  let wanted = HEADER
  return (chunk) => {
    parts.push(chunk)
    buffered += chunk.length
    const frames: Frame[] = []
    while (buffered >= wanted) {
      let all = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
      const total = 4 + all.readUInt32BE(0)
      const jsonLength = all.readUInt32BE(4)
      if (jsonLength > MAX_JSON || total < HEADER + jsonLength || total - HEADER - jsonLength > MAX_BYTES)
        throw new Error('malformed frame header')
      if (all.length >= total) {
        frames.push(decode(all, jsonLength, total))
        all = all.subarray(total)
        wanted = HEADER
      } else {
        wanted = total
      }
      parts = all.length > 0 ? [all] : []
      buffered = all.length
    }
    return frames
  }
}

function decode(all: Buffer, jsonLength: number, total: number): Frame {
  const message: unknown = JSON.parse(all.toString('utf8', HEADER, HEADER + jsonLength))
  if (typeof message !== 'object' || message === null || Array.isArray(message)) throw new Error('malformed frame: not an object')
  return { message: message as Record<string, unknown>, bytes: Uint8Array.prototype.slice.call(all, HEADER + jsonLength, total) }
}

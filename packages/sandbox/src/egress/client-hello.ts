// Reads the server name out of a TLS ClientHello (RFC 8446 section 4.1.2, RFC 6066 section 3) without believing any length in it.

export type ClientHello =
  | { state: 'incomplete' }
  | { state: 'not-tls' }
  | { state: 'complete'; serverName: string | null; isEncrypted: boolean }

const HANDSHAKE = 22
const CLIENT_HELLO = 1
const SERVER_NAME = 0
const ENCRYPTED_CLIENT_HELLO = 0xfe0d
const MAX_HELLO = 64 * 1024

/** Looks at the first bytes that a client sent; ask again with more while `incomplete`. */
export function readClientHello(bytes: Buffer): ClientHello {
  const message = handshakeMessage(bytes)
  if (!Buffer.isBuffer(message)) return { state: message }
  try {
    return { state: 'complete', ...readExtensions(message) }
  } catch {
    return { state: 'not-tls' }
  }
}

/** The first handshake message, put together from as many records as it spans. */
function handshakeMessage(bytes: Buffer): Buffer | 'incomplete' | 'not-tls' {
  const parts: Buffer[] = []
  let collected = 0
  let offset = 0
  for (;;) {
    if (offset < bytes.length && bytes[offset] !== HANDSHAKE) return 'not-tls'
    if (offset + 1 < bytes.length && bytes[offset + 1] !== 3) return 'not-tls'
    if (bytes.length < offset + 5) return 'incomplete'
    const length = bytes.readUInt16BE(offset + 3)
    if (length === 0 || length > 16_640) return 'not-tls'
    const part = bytes.subarray(offset + 5, offset + 5 + length)
    parts.push(part)
    collected += part.length
    const soFar = Buffer.concat(parts)
    if (soFar.length >= 1 && soFar[0] !== CLIENT_HELLO) return 'not-tls'
    if (soFar.length >= 4) {
      const wanted = 4 + soFar.readUIntBE(1, 3)
      if (wanted > MAX_HELLO) return 'not-tls'
      if (collected >= wanted) return soFar.subarray(4, wanted)
    }
    if (part.length < length) return 'incomplete'
    offset += 5 + length
  }
}

function readExtensions(message: Buffer): { serverName: string | null; isEncrypted: boolean } {
  let offset = 2 + 32
  const skip = (lengthBytes: 1 | 2): void => {
    offset += lengthBytes + message.readUIntBE(offset, lengthBytes)
  }
  skip(1)
  skip(2)
  skip(1)
  let serverName: string | null = null
  let isEncrypted = false
  if (offset === message.length) return { serverName, isEncrypted }
  const end = offset + 2 + message.readUInt16BE(offset)
  if (end > message.length) throw new Error('extensions end behind the message')
  offset += 2
  while (offset < end) {
    const type = message.readUInt16BE(offset)
    const length = message.readUInt16BE(offset + 2)
    const body = message.subarray(offset + 4, offset + 4 + length)
    if (body.length < length) throw new Error('an extension ends behind the message')
    if (type === ENCRYPTED_CLIENT_HELLO) isEncrypted = true
    if (type === SERVER_NAME) {
      if (serverName !== null) throw new Error('two server names')
      serverName = readServerName(body)
    }
    offset += 4 + length
  }
  return { serverName, isEncrypted }
}

function readServerName(body: Buffer): string {
  const listLength = body.readUInt16BE(0)
  const nameLength = body.readUInt16BE(3)
  if (body[2] !== 0 || listLength !== body.length - 2 || nameLength !== listLength - 3) throw new Error('malformed server name')
  return body.toString('latin1', 5)
}

// The cookie of a signed-in browser: the session's token and its signature, in the form in which the sign-in library sets it.

import { createHmac, timingSafeEqual } from 'node:crypto'

/** Behind https a browser takes it from this host only, over https only. */
export function cookiePrefix(publicUrl: URL | null): string {
  return publicUrl?.protocol === 'https:' ? '__Host-slipway' : 'slipway'
}

/** The token of the cookie, when it was signed here. */
export function readSessionToken(cookies: string | undefined, input: { prefix: string; key: string }): string | null {
  const name = `${input.prefix}.session_token=`
  for (const pair of (cookies ?? '').split(';')) {
    const text = pair.trim()
    if (!text.startsWith(name)) continue
    const token = verify(text.slice(name.length), input.key)
    if (token !== null) return token
  }
  return null
}

function verify(value: string, key: string): string | null {
  const decoded = decode(value)
  const dot = decoded.lastIndexOf('.')
  if (dot < 1) return null
  const token = decoded.slice(0, dot)
  const expected = createHmac('sha256', key).update(token).digest()
  const given = Buffer.from(decoded.slice(dot + 1), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : null
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return ''
  }
}

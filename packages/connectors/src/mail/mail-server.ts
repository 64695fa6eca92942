// How the mail server is named in one address, as most programs write it.

import { makeSecret, type Secret } from '@slipway/core/secret'

export interface MailServer {
  host: string
  port: number
  /** Encrypted from the first byte; else the connection is upgraded before anything is said. */
  isEncrypted: boolean
  /** A server on this machine may do without encryption. */
  mayBePlain: boolean
  user: string | null
  password: Secret | null
}

const SUBMISSION = 587
const SUBMISSIONS = 465

/** Reads `smtp://user:password@host:587` or `smtps://…`. The message completes the sentence "SMTP_URL …". */
export function readMailServer(text: string): { ok: true; server: MailServer } | { ok: false; message: string } {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    return { ok: false, message: 'must look like smtps://user:password@mail.example.org or smtp://user:password@mail.example.org:587' }
  if (url.search !== '' || url.hash !== '' || !['', '/'].includes(url.pathname))
    return {
      ok: false,
      message: 'may hold only user, password, host and port; characters such as ? and # in a password are written as %3F and %23',
    }
  const user = decode(url.username)
  const password = decode(url.password)
  if (user === null || password === null)
    return { ok: false, message: 'has a % in the user or password that is not followed by two hexadecimal digits; write it as %25' }
  if ((user === '') !== (password === '')) return { ok: false, message: 'needs a user and a password, or neither' }
  const isEncrypted = url.protocol === 'smtps:'
  // The standard leaves the host of schemes that it does not know as it is typed.
  const host = url.hostname.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return {
    ok: true,
    server: {
      host,
      port: url.port === '' ? (isEncrypted ? SUBMISSIONS : SUBMISSION) : Number(url.port),
      isEncrypted,
      mayBePlain: host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host),
      user: user || null,
      password: password === '' ? null : makeSecret(password),
    },
  }
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

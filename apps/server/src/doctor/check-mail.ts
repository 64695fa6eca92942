// Does the mail server let us in. Nothing is sent.

import { openMailer } from '@slipway/connectors/mail/open-mailer'
import type { Settings } from '../settings.ts'
import type { Finding } from './finding.ts'
import { broken, well } from './finding.ts'

const NAME = 'Mail'
const DEADLINE_MS = 3_000

/** null when no mail server is set: links to sign in are in the log then. */
export async function checkMail(mail: Settings['mail']): Promise<Finding | null> {
  if (mail === null) return null
  const { host, port } = mail.server
  const result = await openMailer({ ...mail, timeoutMs: DEADLINE_MS }).check()
  if (result.ok) return well(NAME, `${host}:${port} lets Slipway in`)
  return broken(NAME, {
    summary: `no mail goes out through ${host}:${port}`,
    cause: result.message,
    fix:
      result.problem === 'auth' ? 'Check the user and password in SMTP_URL.' : 'Check SMTP_URL, and that this machine may connect there.',
  })
}

// Mails that people asked for: a session needs them, has finished, has failed. Once each, whatever breaks off in between.

import { openMailer, type Mailer } from '@slipway/connectors/mail/open-mailer'
import { mailAddressOf, readMailChoices, takeUpNotices } from '@slipway/store/mail-notices'
import { createOutbox, type OutboxEntry } from '@slipway/store/outbox'
import { z } from 'zod'
import { runOutbox, type Written } from '../outbox/run-outbox.ts'
import { runLoop, type RunningLoop } from '../runtime/run-loop.ts'
import type { Runtime } from '../runtime.ts'
import { noticeText } from './notice-text.ts'

type NoticeNeeds = Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger'>

const payloadSchema = z.object({ seq: z.int() })
const lookEveryMs = 3_000
/** Whoever sits before the session answers within it. */
const questionRestMs = 30_000

/** null: no mail server is set. */
export function openMailNotices(needs: NoticeNeeds, options: { restMs?: number } = {}): Pick<RunningLoop, 'close'> | null {
  const { settings, store, ports, logger } = needs
  if (settings.mail === null) return null
  const { pool } = store.database
  const mailer = openMailer(settings.mail)
  const outbox = createOutbox(pool)
  const sending = runOutbox({
    outbox,
    clock: ports.clock,
    logger,
    handlers: { 'mail-notice': (entry) => sendNotice(needs, mailer, entry, () => outbox.begin(entry)) },
  })
  const looking = runLoop({
    clock: ports.clock,
    everyMs: lookEveryMs,
    async step() {
      if ((await takeUpNotices(pool, { restMs: options.restMs ?? questionRestMs })) > 0) sending.nudge()
      return false
    },
    onTrouble: (error) => logger.warn({ err: error }, 'mails about sessions could not be looked for'),
  })
  return {
    async close() {
      await looking.close()
      await sending.close()
    },
  }
}

/** Mail cannot be looked up: one that may be sent is not sent again. `Message-ID` is the event's own, all the same. */
async function sendNotice(needs: NoticeNeeds, mailer: Mailer, entry: OutboxEntry, begin: () => Promise<boolean>): Promise<Written> {
  const { seq } = payloadSchema.parse(entry.payload)
  const due = await readNotice(needs, entry, seq)
  if (due === null) return { ok: true, answer: { sent: false } }
  if (!(await begin())) return { ok: false, isFinal: true, message: 'An earlier try broke off and may have sent it.', retryAfterMs: null }
  const sent = await mailer.send(due)
  if (sent.ok) return { ok: true, answer: { sent: true } }
  return { ok: false, isFinal: sent.problem === 'refused' || sent.mayBeSent, message: sent.message, retryAfterMs: null }
}

/** null: there is nothing to send any more. */
async function readNotice({ store, ports, settings }: NoticeNeeds, { ownerId, sessionId }: OutboxEntry, seq: number) {
  if (sessionId === null) return null
  const { pool } = store.database
  const [session, address, choices] = await Promise.all([
    store.sessions.get(sessionId),
    mailAddressOf(pool, ownerId),
    readMailChoices(pool, ownerId),
  ])
  const [event] = await ports.log.read({ sessionId, after: seq - 1, limit: 1 })
  if (session === null || address === null || event === undefined) return null
  const { body } = event
  if (body.type === 'human-asked' && !(choices.needsYou && session.openAsks.includes(body.askId))) return null
  if (body.type === 'session-finished' && !(body.outcome === 'failed' ? choices.failed : choices.finished)) return null
  const base = settings.http.publicUrl ?? `http://localhost:${settings.http.port}`
  const notice = noticeText(event, { title: session.title, url: `${base}/sessions/${sessionId}` })
  return notice === null ? null : { id: event.id, to: address, ...notice }
}

// What a mail says about a session: its title, and what is asked. Nothing else of the conversation leaves by mail.

import type { SessionEvent } from '@slipway/core/events'
import { cleanOutput, oneLine } from '@slipway/core/text/clean'
import { makeRedactor } from '@slipway/core/text/redact'

export interface Notice {
  subject: string
  text: string
}

const longestTitle = 120
const longestQuestion = 1_500
const redact = makeRedactor([])

/** null: nothing is said about such an event. */
export function noticeText(event: SessionEvent, session: { title: string; url: string }): Notice | null {
  const title = oneLine(redact(session.title), longestTitle)
  const end = `Open it: ${session.url}\n\nYou asked for these mails in Settings → Notifications of Slipway.`
  const { body } = event
  if (body.type === 'human-asked') {
    const question = redact(cleanOutput(body.effect === null ? body.question : `${body.question}\n\n${body.effect.title}`).text)
    const asked = question.length > longestQuestion ? `${question.slice(0, longestQuestion)} …` : question
    return { subject: `Needs you: ${title}`, text: `“${title}” waits for you:\n\n${asked}\n\n${end}` }
  }
  if (body.type !== 'session-finished') return null
  if (body.outcome === 'failed') return { subject: `Failed: ${title}`, text: `“${title}” has failed.\n\n${end}` }
  const outcome = body.outcome.replaceAll('-', ' ')
  return { subject: `Finished: ${title}`, text: `“${title}” has finished: ${outcome}.\n\n${end}` }
}

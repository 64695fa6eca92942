// What must hold of everything that one window was shown, beside the log as it was in the end.

import { isDeepStrictEqual } from 'node:util'
import type { SessionEvent } from '@slipway/core/events'
import type { Life } from './viewer.ts'

/** The whole text of each call and channel, by `callId channel`. */
export type Texts = Map<string, string>

/** The findings, in words: events with a gap, twice or changed; text that is missing, doubled or not what was said. */
export function judgeLife(life: Life, events: readonly SessionEvent[], texts: Texts): string[] {
  return [...judgeEvents(life, events), ...judgeDeltas(life, texts)]
}

function judgeEvents(life: Life, events: readonly SessionEvent[]): string[] {
  const shown = life.flat().flatMap((message) => (message.type === 'event' ? [message.event] : []))
  return shown.flatMap((event, index) => {
    if (event.seq !== index + 1) return [`event ${event.seq} came in the place of ${index + 1}`]
    return isDeepStrictEqual(event, events[index]) ? [] : [`event ${event.seq} is not what is stored`]
  })
}

/** Writes every delta at its offset, as the documentation says, and looks at what stands there after each. */
function judgeDeltas(life: Life, texts: Texts): string[] {
  const shown = showText(life)
  // What is wrong once stays wrong: the first finding tells it.
  return shown.findings.flatMap((finding) => finding(texts)).slice(0, 1)
}

type Finding = (texts: Texts) => string[]

function showText(life: Life): { findings: Finding[]; shown: Texts } {
  const shown: Texts = new Map()
  const findings: Finding[] = []
  for (const message of life.flat()) {
    if (message.type !== 'delta') continue
    const { callId, channel, offset, text } = message.delta
    const key = `${callId} ${channel}`
    const before = shown.get(key) ?? ''
    const after = before.slice(0, offset) + text + before.slice(offset + text.length)
    shown.set(key, after)
    findings.push((texts) => [
      ...(offset > before.length ? [`${key}: ${offset - before.length} characters are missing before ${offset}`] : []),
      ...(texts.get(key)?.startsWith(after)
        ? []
        : [`${key}: after a delta at ${offset} it shows ${quote(after)}, not a beginning of what was said`]),
    ])
  }
  return { findings, shown }
}

/** What stands in the window at the end of a life. */
export function textsOf(life: Life): Texts {
  return showText(life).shown
}

const quote = (text: string): string => JSON.stringify(text.length > 60 ? `…${text.slice(-60)}` : text)

// What Slipway says on a forge outside of change requests: that it has begun, what it answers to a comment, what it asks. Once each.

import { replyTarget } from '@slipway/core/follow/following'
import { safeBlock } from '@slipway/core/publish/safe-markdown'
import type { ForgeFailure } from '@slipway/core/ports'
import { type ForgeWatch, markOf, type Subject } from '@slipway/connectors/follow/forge-watch'
import type { OutboxEntry } from '@slipway/store/outbox'
import { z } from 'zod'
import { appendForForge } from './append-for-forge.ts'
import type { WriteHandler, Written } from '../outbox/run-outbox.ts'
import type { Runtime } from '../runtime.ts'
import type { Watches } from './open-watches.ts'

const subject = {
  provider: z.enum(['github', 'gitlab']),
  slug: z.string(),
  number: z.number(),
  kind: z.enum(['issue', 'change-request']),
}

const acknowledgement = z.object({ ...subject, commentId: z.string().nullable(), text: z.string().nullable() })
const saying = z.object({ ...subject, thread: z.string().nullable(), text: z.string(), ref: z.string().nullable() })

export type Acknowledgement = z.infer<typeof acknowledgement>
export type Saying = z.infer<typeof saying>

const longestReply = 10_000

export function forgeWriteHandlers(runtime: Pick<Runtime, 'ports'>, watches: Watches): Record<string, WriteHandler> {
  return {
    /** Eyes first: they show that somebody is there, and twice is once. */
    async 'forge-acknowledgement'(entry, { mayBeDone, signal }) {
      const payload = acknowledgement.parse(entry.payload)
      const opened = await watches(entry.ownerId, payload.provider)
      if (!opened.ok) return notWritten(opened)
      const seen = await opened.watch.react(payload, signal)
      if (!seen.ok) return notWritten(seen)
      if (payload.text === null) return { ok: true, answer: null }
      return sayOnce(entry, opened.watch, { ...payload, thread: null, text: payload.text }, { mayBeDone, signal })
    },

    async 'forge-comment'(entry, { mayBeDone, signal }) {
      const payload = saying.parse(entry.payload)
      const opened = await watches(entry.ownerId, payload.provider)
      if (!opened.ok) return notWritten(opened)
      const text = safeBlock(payload.text, longestReply)
      const written = await sayOnce(entry, opened.watch, { ...payload, text }, { mayBeDone, signal })
      if (written.ok && payload.ref !== null && entry.sessionId !== null) {
        const { url } = written.answer as { url: string | null } // sayOnce's own
        await noteReply(runtime, entry, { target: replyTarget(payload.ref), url })
      }
      return written
    },
  }
}

async function sayOnce(
  { key }: OutboxEntry,
  watch: ForgeWatch,
  { slug, number, kind, thread, text }: Subject & { thread: string | null; text: string },
  { mayBeDone, signal }: { mayBeDone: boolean; signal: AbortSignal },
): Promise<Written> {
  const mark = markOf(key)
  if (mayBeDone) {
    const comments = await watch.readComments({ slug, number, kind }, signal)
    if (!comments.ok) return notWritten(comments)
    const found = comments.value.find((comment) => comment.text.includes(mark))
    if (found) return { ok: true, answer: { url: found.url } }
  }
  const said = await watch.say({ slug, number, kind, thread, text: `${text}\n\n${mark}` }, signal)
  return said.ok ? { ok: true, answer: said.value } : notWritten(said)
}

/** What a forge refuses for good stays refused; everything else may pass, also a token that somebody renews. */
function notWritten({ problem, message, retryAfterMs }: ForgeFailure): Written {
  return { ok: false, isFinal: problem === 'refused' || problem === 'not-found', message, retryAfterMs }
}

async function noteReply(
  runtime: Pick<Runtime, 'ports'>,
  { sessionId, ownerId }: OutboxEntry,
  done: { target: string; url: string | null },
) {
  if (sessionId === null) return
  await appendForForge(runtime.ports, { sessionId, ownerId }, (state) => {
    const isNoted = state.following.comments.every(
      ({ ref, isReplySaid }) => ref === null || replyTarget(ref) !== done.target || isReplySaid,
    )
    return isNoted ? [] : [{ type: 'write-back-done', ...done }]
  })
}

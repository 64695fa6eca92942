// Work for somebody who may have gone away.

import type { FastifyReply } from 'fastify'

/** A page of many blocks takes many calls; whoever asks waits no longer than this. */
const longestMs = 50_000

/**
 * Aborts when the connection of whoever asked ends before the answer, and when it takes too long. By the answer's side: a request
 * with a body counts as closed as soon as that was read, and fastify's own signal aborts then.
 */
export function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return AbortSignal.any([gone.signal, AbortSignal.timeout(longestMs)])
}

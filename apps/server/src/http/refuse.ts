// Turns whatever went wrong into one shape that is safe to show. What is not ours to show goes to the log only.

import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { SlipwayError, type ErrorCode } from '../errors/slipway-error.ts'

/** Every refused request answers `{ error: { code, message, requestId } }`. */
export function refuseInOneShape(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => send(reply, request, toSlipwayError(error)))
  app.setNotFoundHandler((request, reply) =>
    send(
      reply,
      request,
      new SlipwayError('not-found', `Nothing answers ${request.method} here. /api/v1/openapi.json describes what does.`),
    ),
  )
}

function send(reply: FastifyReply, request: FastifyRequest, error: SlipwayError): FastifyReply {
  if (error.status >= 500) request.log.error({ err: error.cause ?? error }, 'request failed')
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
  return reply
    .code(error.status)
    .type('application/json; charset=utf-8')
    .serializer(JSON.stringify)
    .send({ error: { code: error.code, message: error.message, requestId: request.id } })
}

function toSlipwayError(error: FastifyError): SlipwayError {
  if (error instanceof SlipwayError) return error
  if (error.validation)
    return new SlipwayError('usage', `${error.validationContext ?? 'request'}: ${error.message.replace(/^\w+\/? /, '')}`, { cause: error })
  const code = KNOWN[error.statusCode ?? 500]
  if (code !== undefined) return new SlipwayError(code, error.message, { cause: error })
  if (error.statusCode !== undefined && error.statusCode < 500) return new SlipwayError('usage', error.message, { cause: error })
  return new SlipwayError('internal', 'Something went wrong on the server. Its log has the details under this request id.', {
    cause: error,
  })
}

const KNOWN: Record<number, ErrorCode> = { 413: 'too-large', 429: 'rate-limited', 404: 'not-found' }

// Turns whatever went wrong into one shape that is safe to show. What is not ours to show goes to the log only.

import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { databaseTrouble, type DatabaseTrouble } from '@slipway/store/database-trouble'
import { isUnstorableText } from '@slipway/store/storable-text'
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

/** For an address that cannot be read, which never reaches a route. Give it to fastify as `frameworkErrors`. */
export function refuseAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const message =
    error.code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? tooLong
      : 'The address cannot be read: a % must be followed by two digits that spell a character.'
  void send(reply.headers(BARE_HEADERS), request, new SlipwayError('usage', message, { cause: error }))
}

/** Of answers that are given before anything else can set them. */
const BARE_HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}
const BARE_LINES = Object.entries(BARE_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('')

/** For what is no HTTP, too slow or too long, before there is a request. Give it to fastify as `clientErrorHandler`. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') {
    const { status, code, message } = BROKEN[error.code ?? ''] ?? notHttp
    const body = JSON.stringify({ error: { code, message, requestId: 'none' } })
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n${BARE_LINES}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  }
  socket.destroySoon()
}

interface Broken {
  status: number
  code: ErrorCode
  message: string
}

const tooLong = 'A part of the address is longer than any id is. /api/v1/openapi.json describes the addresses.'

/** For addresses that match nothing but a rule for the rest, where fastify does not measure. */
export function refuseLongParts(url: string, longest: number): void {
  const [path = ''] = url.split('?')
  if (path.split('/').some((part) => part.length > longest)) throw new SlipwayError('usage', tooLong)
}

const notHttp: Broken = { status: 400, code: 'usage', message: 'This is not a request that HTTP/1.1 knows. Send it with an HTTP client.' }
const BROKEN: Record<string, Broken> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, code: 'usage', message: 'The request did not arrive whole in time. Send it again.' },
  HPE_HEADER_OVERFLOW: { status: 431, code: 'too-large', message: 'The address and headers are larger than 16 KB together. Shorten them.' },
}

function send(reply: FastifyReply, request: FastifyRequest, error: SlipwayError): FastifyReply {
  if (error.status >= 500) request.log.error({ err: error.cause ?? error }, 'request failed')
  if (error.code === 'unauthorized') reply.header('www-authenticate', 'Bearer')
  // Node hands the connection of an upgrade over for good: nobody else would ever close it.
  if (request.headers.upgrade !== undefined) {
    reply.header('connection', 'close')
    reply.raw.once('finish', () => request.raw.socket.destroySoon())
  }
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
  const trouble = databaseTrouble(error)
  if (trouble !== null) return new SlipwayError('not-ready', TROUBLES[trouble], { cause: error })
  if (isUnstorableText(error)) return new SlipwayError('usage', unstorable, { cause: error })
  const known = KNOWN[error.statusCode ?? 500]
  if (known !== undefined) return new SlipwayError(known.code, known.message ?? error.message, { cause: error })
  if (error.statusCode !== undefined && error.statusCode < 500) return new SlipwayError('usage', error.message, { cause: error })
  return new SlipwayError('internal', 'Something went wrong on the server. Its log has the details under this request id.', {
    cause: error,
  })
}

const unstorable = 'The request holds a character that cannot be stored, NUL or half of one. Send it without.'

const TROUBLES: Record<DatabaseTrouble, string> = {
  away: 'The database does not answer just now. Nothing that was accepted is lost: try again in a few seconds. If it stays away, `slipway doctor` on the server says why.',
  'disk-full':
    'The disk of the database is full, so nothing new can be stored. Nothing that was accepted is lost: free some space on the server, then try again.',
}

const KNOWN: Record<number, { code: ErrorCode; message?: string }> = {
  404: { code: 'not-found' },
  413: { code: 'too-large', message: 'The body is larger than 1 MB, which is the limit here. Send less.' },
  415: {
    code: 'usage',
    message: 'The body is of a kind that is not read here. Send JSON, with the header `Content-Type: application/json`.',
  },
  429: { code: 'rate-limited' },
}

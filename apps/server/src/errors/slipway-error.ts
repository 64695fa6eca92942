// What a person is told when something they asked for cannot be done.

export type ErrorCode =
  | 'usage'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'too-large'
  | 'rate-limited'
  | 'not-ready'
  | 'not-configured'
  | 'internal'

const STATUS: Record<ErrorCode, number> = {
  usage: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'too-large': 413,
  'rate-limited': 429,
  'not-ready': 503,
  'not-configured': 422,
  internal: 500,
}

/** The one error whose message is safe to show: it says what happened and what to do next, and never holds a secret. */
export class SlipwayError extends Error {
  readonly code: ErrorCode
  readonly status: number

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SlipwayError'
    this.code = code
    this.status = STATUS[code]
  }
}

/** A session id that does not exist and one that belongs to somebody else look the same. */
export function unknownSession(id: string): SlipwayError {
  return new SlipwayError('not-found', `There is no session ${id.slice(0, 40)}. \`slipway sessions\` lists those you have.`)
}

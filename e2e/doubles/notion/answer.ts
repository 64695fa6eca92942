// An answer of the double before it is sent, and the error bodies in Notion's words.

export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, body }
}

export function errorAnswer(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  return json(status, { object: 'error', status, code, message, request_id: '00000000-0000-4000-8000-000000000000' }, headers)
}

export const unauthorized = (): Answer => errorAnswer(401, 'unauthorized', 'API token is invalid.')
export const restricted = (): Answer => errorAnswer(403, 'restricted_resource', 'Insufficient permissions for this endpoint.')
export const badAddress = (): Answer => errorAnswer(400, 'invalid_request_url', 'Invalid request URL.')
export const invalid = (message: string): Answer => errorAnswer(400, 'validation_error', message)
export const rateLimited = (retryAfterSeconds: number): Answer =>
  errorAnswer(429, 'rate_limited', 'You have been rate limited. Please try again in a few minutes.', {
    'retry-after': String(retryAfterSeconds),
  })
export const notFound = (what: string, id: string): Answer =>
  errorAnswer(
    404,
    'object_not_found',
    `Could not find ${what} with ID: ${id}. Make sure the relevant pages and databases are shared with your integration.`,
  )

/** Thrown where a request breaks a rule, and answered as it is. */
export class Refused extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('refused')
    this.answer = answer
  }
}

export function refuse(message: string): never {
  throw new Refused(invalid(message))
}

// An answer of the double before it is sent, and the error bodies in GitLab's words.

export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, body }
}

/** GitLab's messages are texts, lists or lists by field. */
export function errorAnswer(status: number, message: unknown, headers: Record<string, string> = {}): Answer {
  return json(status, { message }, headers)
}

export const notFound = (what = '404 Not Found'): Answer => errorAnswer(404, what)
export const unauthorized = (): Answer => errorAnswer(401, '401 Unauthorized')
export const revoked = (): Answer =>
  json(401, { error: 'invalid_token', error_description: 'Token was revoked. You have to re-authorize from the user.' })
export const missingScope = (): Answer =>
  json(403, {
    error: 'insufficient_scope',
    error_description: 'The request requires higher privileges than provided by the access token.',
    scope: 'api',
  })

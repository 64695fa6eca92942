// An answer of the double before it is sent, and the error bodies in GitHub's words.

export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

const documentation = 'https://docs.github.com/rest'

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Answer {
  return { status, headers, body }
}

export function errorAnswer(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return json(status, { message, documentation_url: documentation, status: String(status) }, headers)
}

export const notFound = (): Answer => errorAnswer(404, 'Not Found')
export const badCredentials = (): Answer => errorAnswer(401, 'Bad credentials')

export function missingPermission(permission: string): Answer {
  return errorAnswer(403, 'Resource not accessible by personal access token', { 'x-accepted-github-permissions': permission })
}

export interface ValidationProblem {
  resource: string
  code: string
  field?: string
  message?: string
}

export function validationFailed(...errors: ValidationProblem[]): Answer {
  return json(422, { message: 'Validation Failed', errors, documentation_url: documentation, status: '422' })
}

// The one way to the API. A call names its contract as a type and its route as text; the compiler holds the two together.

import type { RouteContract } from '@slipway/server/contract/route'
import type { z } from 'zod'
import { readProblem, unreachable } from './problem.ts'
import { goToSignIn } from './sign-in-redirect.ts'

const PREFIX = '/api/v1'

type InputOf<Schema> = Schema extends z.ZodType ? z.input<Schema> : never
type Field<Name extends string, Schema> = Schema extends z.ZodType
  ? object extends InputOf<Schema>
    ? { [K in Name]?: InputOf<Schema> }
    : { [K in Name]: InputOf<Schema> }
  : unknown

/** What a call of this contract sends. */
export type CallInput<Contract extends RouteContract> = Field<'params', Contract['params']> &
  Field<'query', Contract['query']> &
  Field<'body', Contract['body']> & { signal?: AbortSignal | undefined; headers?: Record<string, string> }

/** What a call of this contract gives back. */
export type AnswerOf<Contract extends RouteContract> = z.output<Contract['answer']>

interface LooseInput {
  params?: Record<string, string | number>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal | undefined
  headers?: Record<string, string>
}

/**
 * `call<typeof showSession>('GET /sessions/:id', { params: { id } })`.
 * Throws ApiProblem; somebody who is not signed in is taken to the sign-in page and back.
 */
export async function call<Contract extends RouteContract>(
  route: `${Contract['method']} ${Contract['path']}`,
  input: CallInput<Contract>,
): Promise<AnswerOf<Contract>> {
  return (await send(route, input as LooseInput)) as AnswerOf<Contract>
}

/** The same without a contract, for routes whose shape the page knows itself. `path` begins after `/api/v1`, or with `/api/`. */
export async function send(route: string, input: LooseInput = {}): Promise<unknown> {
  const [method = 'GET', path = '/'] = route.split(' ')
  const response = await request(`${path.startsWith('/api/') ? '' : PREFIX}${addressOf(path, input)}`, {
    method,
    headers: { ...(input.body === undefined ? {} : { 'content-type': 'application/json' }), ...input.headers },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    ...(input.signal === undefined ? {} : { signal: input.signal }),
  })
  return response.status === 204 ? null : response.json()
}

/** A request to this server with its refusals thrown as ApiProblem. */
export async function request(address: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(address, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw unreachable(error)
  }
  if (response.ok) return response
  if (response.status === 401) goToSignIn()
  throw await readProblem(response)
}

/** Fills `:name` from the parameters and appends the query; what is undefined or null is left out. */
export function addressOf(path: string, { params = {}, query = {} }: Pick<LooseInput, 'params' | 'query'>): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name] ?? '')))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== null) search.set(name, String(value))
  return search.size === 0 ? filled : `${filled}?${search}`
}

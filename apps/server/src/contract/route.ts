// What one route of the API takes and gives. The server checks requests against it and strips answers to it, the
// OpenAPI description is made from it, and clients take their types from it.

import type { z } from 'zod'

export type Schema = z.ZodType

/** Who may call a route. signed-in: viewers too. member: members and administrators. */
export type Caller = 'everybody' | 'signed-in' | 'member' | 'administrator'

export interface RouteContract {
  /** Name of the operation, unique. */
  id: string
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'
  /** Below `/api/v1`, parameters as `:name`; one that begins with `/api/` is the whole path. */
  path: string
  summary: string
  description?: string
  tag:
    | 'triggers'
    | 'sessions'
    | 'people'
    | 'routines'
    | 'usage'
    | 'models'
    | 'files'
    | 'identity'
    | 'sharing'
    | 'workbench'
    | 'previews'
    | 'notion'
    | 'plans'
  /** Left out: signed-in for GET, member for everything else. */
  who?: Caller
  params?: Schema
  query?: Schema
  body?: Schema
  headers?: Schema
  status: 200 | 201 | 202
  answer: Schema
  /** Other than JSON: the answer's media types. */
  mediaTypes?: string[]
}

/** Keeps the exact types of a contract's schemas. */
export function defineRoute<const Contract extends RouteContract>(contract: Contract): Contract {
  return contract
}

export function whoMayCall({ who, method }: Pick<RouteContract, 'who' | 'method'>): Caller {
  return who ?? (method === 'GET' ? 'signed-in' : 'member')
}

export const API_PREFIX = '/api/v1'

/** The whole path of a contract's. */
export function wholePath(path: string): string {
  return path.startsWith('/api/') ? path : API_PREFIX + path
}

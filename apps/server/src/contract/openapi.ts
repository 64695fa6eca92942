// The OpenAPI 3.1 description, made from the same contract that the server enforces.

import { z } from 'zod'
import { eventSchema, largestSeq } from './session-schemas.ts'
import { errorSchema } from './error-schema.ts'
import { API_PREFIX, type RouteContract, type Schema, wholePath } from './route.ts'

type Json = Record<string, unknown>

const TAGS = [
  { name: 'sessions', description: 'One task worked on, with one log' },
  { name: 'people', description: 'What people say to an agent' },
  { name: 'files', description: 'What is in a work tree, and what changed' },
  { name: 'previews', description: 'What listens in a sandbox, to look at' },
  { name: 'workbench', description: 'What a person chooses from before a session starts' },
  { name: 'notion', description: 'Tasks that stand in Notion' },
  { name: 'plans', description: 'Ideas that become tasks, and then sessions' },
  { name: 'routines', description: 'Tasks on a schedule' },
  { name: 'usage', description: 'What it cost' },
  { name: 'models', description: 'Who does the thinking' },
  { name: 'identity', description: 'Who somebody is here' },
  { name: 'triggers', description: 'Repositories whose issues start sessions' },
  { name: 'sharing', description: 'Links to look at one session' },
]

/** Describes the given routes; `version` is that of the product. */
export function describeApi(routes: readonly RouteContract[], version: string): Json {
  const paths: Record<string, Json> = {}
  for (const route of routes) {
    const path = wholePath(route.path).replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  paths[`${API_PREFIX}/sessions/stream`] = { get: listStreamOperation }
  paths[`${API_PREFIX}/sessions/{id}/stream`] = { get: streamOperation('streamSession', 'id') }
  paths[`${API_PREFIX}/shared/{token}/stream`] = { get: { ...streamOperation('streamShared', 'token'), security: [] } }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Slipway',
      version,
      description: 'Starts sessions, watches them, speaks to them.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'This server' }],
    tags: TAGS,
    security: [{ token: [] }, { cookie: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A key of yours (`slipway_…`), or the content of `api-token` in the home folder',
        },
        cookie: { type: 'apiKey', in: 'cookie', name: 'slipway.session_token', description: 'A signed-in browser' },
      },
      schemas: { Error: jsonSchema(errorSchema, 'output'), SessionEvent: jsonSchema(eventSchema, 'output') },
    },
  }
}

function operation(route: RouteContract): Json {
  return {
    operationId: route.id,
    tags: [route.tag],
    ...(route.who === 'everybody' ? { security: [] } : {}),
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query), ...parameters('header', route.headers)],
    ...(route.body
      ? { requestBody: { required: true, content: { 'application/json': { schema: jsonSchema(route.body, 'input') } } } }
      : {}),
    responses: { [route.status]: answer(route), default: errorAnswer },
  }
}

function answer(route: RouteContract): Json {
  const mediaTypes = route.mediaTypes ?? ['application/json']
  const schema = jsonSchema(route.answer, 'output')
  return { description: route.summary, content: Object.fromEntries(mediaTypes.map((type) => [type, { schema }])) }
}

const errorAnswer = { description: 'Refused', content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }

const upgrade = 'Upgrade to WebSocket. Offer the protocol `slipway` and, where the Authorization header cannot be set, `bearer.<token>`.'

const listStreamOperation: Json = {
  operationId: 'streamSessions',
  tags: ['sessions'],
  summary: 'WebSocket: `{type:"changed"}` whenever the list of your sessions has changed',
  description: upgrade,
  parameters: [],
  responses: { 101: { description: 'Switching to WebSocket' }, default: errorAnswer },
}

function streamOperation(operationId: string, parameter: string): Json {
  return {
    operationId,
    tags: ['sessions'],
    summary: 'WebSocket: history after a cursor, then events and deltas as they happen',
    description: upgrade,
    parameters: [
      { name: parameter, in: 'path', required: true, schema: { type: 'string' } },
      { name: 'after', in: 'query', required: false, schema: { type: 'integer', minimum: 0, maximum: largestSeq } },
    ],
    responses: { 101: { description: 'Switching to WebSocket' }, default: errorAnswer },
  }
}

function parameters(place: 'path' | 'query' | 'header', schema: Schema | undefined): Json[] {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...rest } = property
    return { name, in: place, required: place === 'path' || required.includes(name), schema: rest, ...(description ? { description } : {}) }
  })
}

/** Schemas with an id lie in the components of the description; here only a reference stays. */
function jsonSchema(schema: Schema, io: 'input' | 'output'): Json {
  const { $schema: _, $defs: __, id: ___, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json
  return JSON.parse(JSON.stringify(rest).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

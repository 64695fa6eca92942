// Requests for every operation that a server describes, right, nearly right and broken.

import fc from 'fast-check'
import { nearlyValidFor, validFor, type Hints, type JsonSchema } from './from-schema.ts'
import { hostileJson, hostilePath, hostileText } from './hostile-values.ts'

export interface HttpRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
}

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
  schema: JsonSchema
}

interface Operation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content: Record<string, { schema: JsonSchema }> }
}

export interface Description {
  paths: Record<string, Record<string, Operation>>
}

/**
 * One arbitrary for each operation by its id, so that a new route is tried without a change here. A hint such as `plans/`
 * says what stands behind that word in a path, `id` what stands behind any other.
 */
export function requestsFor(description: Description, hints: Hints): Map<string, fc.Arbitrary<HttpRequest>> {
  const all = Object.entries(description.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(
      ([method, operation]) => [operation.operationId, requestFor({ path, method, operation, hints })] as const,
    ),
  )
  return new Map(all)
}

function requestFor(input: { path: string; method: string; operation: Operation; hints: Hints }): fc.Arbitrary<HttpRequest> {
  const { operation, hints } = input
  const parameters = operation.parameters ?? []
  const schema = Object.values(operation.requestBody?.content ?? {})[0]?.schema
  return fc
    .record({
      names: namesIn(input.path, hints),
      query: queryFor(parameters, hints),
      headers: headersFor(parameters),
      body:
        schema === undefined ? fc.option(bodyFor({ type: 'object' }, hints), { freq: 4 }) : fc.option(bodyFor(schema, hints), { freq: 20 }),
      method: fc.oneof(
        { weight: 20, arbitrary: fc.constant(input.method.toUpperCase()) },
        { weight: 1, arbitrary: fc.constantFrom('PUT', 'HEAD', 'OPTIONS', 'PATCH', 'DELETE') },
      ),
      suffix: fc.oneof(
        { weight: 20, arbitrary: fc.constant('') },
        { weight: 1, arbitrary: fc.constantFrom('/', '//', '/..', '%00', '%zz', '?', ';x=1', '/%2e%2e') },
      ),
    })
    .map(({ names, query, headers, body, method, suffix }) => ({
      method,
      path: `${names.reduce((path, name) => path.replace(/\{\w+\}/, () => encoded(name)), input.path)}${suffix}${query === '' ? '' : `?${query}`}`,
      headers: { ...(body === null ? {} : { 'content-type': body.type }), ...headers },
      body: body === null ? null : body.bytes,
    }))
}

/** What stands in the braces of a path, in their order. */
function namesIn(path: string, hints: Hints): fc.Arbitrary<string[]> {
  const names = [...path.matchAll(/(\w+\/)\{\w+\}/g)].map(([, before = '']) =>
    fc.oneof({ weight: 6, arbitrary: (hints[before] ?? hints['id'] ?? fc.string()).map(String) }, { weight: 1, arbitrary: hostilePath }),
  )
  return fc.tuple(...names)
}

function queryFor(parameters: Parameter[], hints: Hints): fc.Arbitrary<string> {
  const named = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(
      ({ name, schema }): fc.Arbitrary<[string, unknown]> =>
        fc.tuple(
          fc.constant(name),
          fc.oneof({ weight: 3, arbitrary: validFor(schema, hints, name) }, { weight: 2, arbitrary: hostileText }),
        ),
    )
  const stray: fc.Arbitrary<[string, unknown]> = fc.tuple(fc.string({ maxLength: 8 }), hostileText)
  return fc.array(fc.oneof(...named, stray), { maxLength: named.length + 1 }).map((pairs) =>
    pairs
      .map(([name, value]) => `${encoded(name)}=${encoded(String(value))}`)
      .join('&')
      .slice(0, 8_000),
  )
}

/** Header values that a client library lets through. */
function headersFor(parameters: Parameter[]): fc.Arbitrary<Record<string, string>> {
  const text = fc
    .oneof(hostileText, fc.constantFrom('application/json', 'text/plain', 'gzip', 'bytes=0-1', 'W/"x"', 'http://evil.example'))
    .map(headerSafe)
  const names = [
    ...parameters.filter((each) => each.in === 'header').map(({ name }) => name),
    'accept',
    'accept-encoding',
    'if-none-match',
    'x-forwarded-for',
    'content-encoding',
  ]
  return fc.dictionary(fc.constantFrom(...names), text, { maxKeys: 2 })
}

const bodyTypes = [
  'application/json',
  'application/json; charset=utf-8',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'nonsense',
  '',
]

function bodyFor(schema: JsonSchema, hints: Hints): fc.Arbitrary<{ type: string; bytes: Buffer }> {
  const json = fc.oneof(
    { weight: 3, arbitrary: validFor(schema, hints) },
    { weight: 5, arbitrary: nearlyValidFor(schema, hints) },
    { weight: 1, arbitrary: hostileJson },
  )
  const bytes = fc.oneof(
    { weight: 12, arbitrary: json.map((value) => Buffer.from(JSON.stringify(value) ?? '')) },
    { weight: 2, arbitrary: json.chain((value) => broken(JSON.stringify(value) ?? '')) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        Buffer.alloc(1_100_000, 0x20),
        Buffer.from(`{"a":${'['.repeat(100_000)}`),
        Buffer.from('{"task":1,"task":"twice"}'),
      ),
    },
  )
  const type = fc.oneof({ weight: 12, arbitrary: fc.constant('application/json') }, { weight: 1, arbitrary: fc.constantFrom(...bodyTypes) })
  return fc.record({ type, bytes })
}

function broken(json: string): fc.Arbitrary<Buffer> {
  return fc.constantFrom(
    Buffer.from(json.slice(0, -1)),
    Buffer.from(`${json}${json}`),
    Buffer.from(`\ufeff${json}`),
    Buffer.from(json, 'utf16le'),
    Buffer.concat([Buffer.from(json.slice(0, 5)), Buffer.from([0xff, 0xfe, 0x00]), Buffer.from(json.slice(5))]),
    Buffer.alloc(0),
  )
}

/** As a client would write it into an address; half a character cannot be written at all. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).slice(0, 3_000).replace(/%.?$/, '')
}

function headerSafe(text: string): string {
  return text
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '')
    .slice(0, 2_000)
    .trim()
}

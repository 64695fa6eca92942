// Holds a request and its answer to a description of the API: the route, the names and values of the query, the body, and the answer.

import { Ajv, type ValidateFunction } from 'ajv'

/** A JSON Schema. */
export type Schema = { [word: string]: unknown }

export interface Operation {
  parameters: { name: string; required: boolean; schema: Schema }[]
  /** null: none is sent. */
  body: Schema | null
  /** By status; a null answers nothing that is JSON. */
  responses: Record<string, Schema | null>
}

export interface Description {
  source: string
  /** By `GET /path/{parameter}`. */
  operations: Record<string, Operation>
  components: { schemas: Record<string, Schema> }
}

export interface SeenExchange {
  method: string
  /** Below the API's address, with the query. */
  path: string
  body: unknown
  /** Left out: it was never sent. */
  answer?: { status: number; body: unknown }
}

export interface Checker {
  /** What does not fit, in words; empty when all does. Answers from 400 on are not described, and not looked at. */
  problemsOf(exchange: SeenExchange): string[]
  operationOf(exchange: Pick<SeenExchange, 'method' | 'path'>): string | null
}

/** Compiles every schema first: one that cannot be compiled would let everything through. */
export function openChecker({ operations, components }: Description): Checker {
  const compile = openCompiler(components, false)
  // The texts of a query are read as the numbers and booleans that they write.
  const compileQuery = openCompiler(components, true)
  const compiled = Object.entries(operations).map(([name, operation]) => {
    const [method = '', route = ''] = name.split(' ')
    return {
      name,
      method,
      path: patternOf(route),
      parameters: operation.parameters.map((one) => ({ ...one, fits: compileQuery({ properties: { value: one.schema } }) })),
      body: operation.body && { fits: compile(operation.body), names: namesOf(operation.body) },
      responses: Object.fromEntries(
        Object.entries(operation.responses).map(([status, schema]) => [status, schema === null ? null : compile(schema)]),
      ),
    }
  })

  function find({ method, path }: Pick<SeenExchange, 'method' | 'path'>) {
    const [pathname = ''] = path.split('?')
    return compiled.find((one) => one.method === method && one.path.test(pathname)) ?? null
  }

  return {
    operationOf: (exchange) => find(exchange)?.name ?? null,

    problemsOf(exchange) {
      const operation = find(exchange)
      if (operation === null) return [`there is no ${exchange.method} ${exchange.path}`]
      const given = new URLSearchParams(exchange.path.split('?')[1] ?? '')
      const unknown = [...given.keys()].filter((name) => !operation.parameters.some((one) => one.name === name))
      const asked = operation.parameters.flatMap(({ name, required, fits }) => {
        const value = given.get(name)
        if (value === null) return required ? [`the query lacks ${name}`] : []
        return fits({ value }) ? [] : [`${name}=${value} in the query`]
      })
      return [
        ...unknown.map((name) => `${name} in the query is not described`),
        ...asked,
        ...bodyProblems(operation.body, exchange.body),
        ...answerProblems(operation.responses, exchange.answer),
      ].map((problem) => `${operation.name}: ${problem}`)
    },
  }
}

/** What is referred to is compiled once. */
function openCompiler(components: Description['components'], coerceTypes: boolean): (schema: Schema) => ValidateFunction {
  const ajv = new Ajv({ strict: false, coerceTypes, allErrors: true, validateFormats: false })
  ajv.addSchema({ $id: 'api', components })
  return (schema) => {
    const text = JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')
    return ajv.compile(JSON.parse(text) as Schema)
  }
}

/** A branch may have slashes. */
function patternOf(route: string): RegExp {
  const parts = route.split('/').map((part) => (part === '{ref}' ? '.+' : /^\{.+\}$/.test(part) ? '[^/]+' : part))
  return new RegExp(`^${parts.join('/')}$`)
}

function bodyProblems(body: { fits: ValidateFunction; names: Set<string> | null } | null, given: unknown): string[] {
  const fields = Object.keys(given ?? {})
  if (body === null) return fields.length === 0 ? [] : ['a body where none is described']
  const unknown = fields.filter((name) => body.names !== null && !body.names.has(name))
  return [...unknown.map((name) => `${name} in the body is not described`), ...wrong(body.fits, given, 'body')]
}

function answerProblems(responses: Record<string, ValidateFunction | null>, answer: SeenExchange['answer']): string[] {
  if (answer === undefined || answer.status >= 400) return []
  const fits = responses[String(answer.status)]
  if (fits === undefined) return [`an answer of ${answer.status} is not described`]
  return fits === null ? [] : wrong(fits, answer.body, 'answer')
}

function wrong(fits: ValidateFunction, value: unknown, where: string): string[] {
  // Bodies are compared as they are on the wire.
  if (fits(JSON.parse(JSON.stringify(value ?? null)))) return []
  return (fits.errors ?? []).map(({ instancePath, message, params }) => `${where}${instancePath} ${message} ${JSON.stringify(params)}`)
}

/** The fields that a body may have at its top, of all its forms; null: any. */
function namesOf(schema: Schema): Set<string> | null {
  const forms = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (Array.isArray(schema[word]) ? (schema[word] as Schema[]) : []))
  const own = Object.keys((schema['properties'] as Schema | undefined) ?? {})
  if (own.length === 0 && forms.length === 0) return null
  return new Set([...own, ...forms.flatMap((form) => [...(namesOf(form) ?? [])])])
}

// From a JSON Schema to values: right ones, and ones that are wrong in one or two places.

import fc from 'fast-check'
import { hostileJson, hostileNumber, hostileText } from './hostile-values.ts'

export interface JsonSchema {
  type?: string
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  enum?: unknown[]
  const?: unknown
  anyOf?: JsonSchema[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  maxItems?: number
  pattern?: string
  $ref?: string
}

/** What a field of this name usually holds, so that valid values reach past the door. */
export type Hints = Record<string, fc.Arbitrary<unknown>>

/** Values that fit the schema, as far as JSON Schema says it. */
export function validFor(schema: JsonSchema, hints: Hints, name = ''): fc.Arbitrary<unknown> {
  const hint = hints[name]
  if (hint !== undefined) return hint
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((each) => validFor(each, hints)))
  switch (schema.type) {
    case 'object':
      return validObject(schema, hints)
    case 'array':
      return fc.array(validFor(schema.items ?? {}, hints), { maxLength: Math.min(schema.maxItems ?? 4, 4) })
    case 'integer':
      return fc.integer({ min: Math.max(schema.minimum ?? 0, -1_000), max: Math.min(schema.maximum ?? 1_000, 1_000_000) })
    case 'number':
      return fc.double({ min: schema.minimum ?? 0.01, max: Math.min(schema.maximum ?? 1_000, 1_000), noNaN: true })
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return validText(schema)
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

function validObject({ properties = {}, required = [] }: JsonSchema, hints: Hints): fc.Arbitrary<unknown> {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, validFor(field, hints, name)]))
  return fc.record(fields, { requiredKeys: required })
}

function validText({ minLength = 0, maxLength = 40, pattern }: JsonSchema): fc.Arbitrary<string> {
  const any = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) })
  // Nothing generates what looks around in a text: that is met by chance, as short words.
  if (pattern?.includes('(?=') || pattern?.includes('(?!')) return fc.oneof(fc.stringMatching(/^[a-z][a-z0-9-]{1,9}$/), any)
  return pattern === undefined ? any : fc.stringMatching(new RegExp(pattern)).map((text) => text.slice(0, maxLength))
}

/** Mostly valid values; each change takes a field away, adds one, or puts something hostile into one, at any depth. */
export function nearlyValidFor(schema: JsonSchema, hints: Hints): fc.Arbitrary<unknown> {
  const change = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('replace', 'replace', 'remove', 'add', 'double'),
    name: fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'length', ''), fc.string({ maxLength: 12 })),
    value: fc.oneof({ weight: 2, arbitrary: hostileText }, { weight: 1, arbitrary: hostileNumber }, { weight: 2, arbitrary: hostileJson }),
  })
  return fc
    .tuple(validFor(schema, hints), fc.array(change, { maxLength: 2 }))
    .map(([value, changes]) => changes.reduce<unknown>((changed, each) => applied(changed, each), value))
}

interface Change {
  at: number
  kind: string
  name: string
  value: unknown
}

function applied(value: unknown, change: Change, depth = 0): unknown {
  if (depth > 6) return change.value
  if (Array.isArray(value)) {
    if (value.length === 0 || change.at % 3 === 0) return change.kind === 'double' ? many(value, change.value) : [...value, change.value]
    const at = change.at % value.length
    return value.map((item, index) => (index === at ? applied(item, change, depth + 1) : item) as unknown)
  }
  if (typeof value !== 'object' || value === null) return change.value
  const entries = Object.entries(value)
  if (change.kind === 'add' || entries.length === 0) return withEntries([...entries, [change.name, change.value]])
  const at = change.at % entries.length
  if (change.kind === 'remove') return withEntries(entries.filter((_, index) => index !== at))
  const isDeep = change.at % 2 === 0
  return withEntries(
    entries.map(([name, inner], index) =>
      index === at ? [name, isDeep ? applied(inner, change, depth + 1) : change.value] : [name, inner],
    ),
  )
}

function many(list: unknown[], value: unknown): unknown[] {
  return Array.from({ length: 10_000 }, (_, index) => list[index % Math.max(1, list.length)] ?? value)
}

/** As JSON.parse does it: a name such as `__proto__` is a name like any other. */
function withEntries(entries: [string, unknown][]): unknown {
  const made: Record<string, unknown> = {}
  for (const [name, value] of entries) Object.defineProperty(made, name, { value, enumerable: true, writable: true, configurable: true })
  return made
}

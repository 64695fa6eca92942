/** A JSON Schema as a short type, for a message: `{path: string, limit?: integer, edits: [{old_text: string}]}`. */
export function shapeOf(schema: unknown): string {
  const { type, properties, required, items, enum: values } = schema as JsonSchema // written by us in definitions.ts
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ')
  if (type === 'array') return `[${shapeOf(items)}, …]`
  if (type !== 'object' || !properties) return type ?? 'any'
  const fields = Object.entries(properties).map(([name, field]) => `${name}${required?.includes(name) ? '' : '?'}: ${shapeOf(field)}`)
  return `{${fields.join(', ')}}`
}

interface JsonSchema {
  type?: string
  properties?: Record<string, unknown>
  required?: string[]
  items?: unknown
  enum?: unknown[]
}

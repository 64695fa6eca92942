import { estimateTokens } from '@slipway/core/context/tokens'
import { describe, expect, it } from 'vitest'
import { toolDefinitions } from './definitions.ts'
import { shapeOf } from './shape-of.ts'
import { validateInput } from './validate-input.ts'

describe('toolDefinitions', () => {
  it('keep their order, which the cached prompt prefix depends on', () => {
    expect(toolDefinitions.map((tool) => tool.name)).toEqual([
      'read_file',
      'list_files',
      'search',
      'edit_file',
      'write_file',
      'bash',
      'bash_output',
      'update_plan',
      'find_context',
      'ask_human',
      'explore',
      'commit',
      'publish',
      'finish',
    ])
  })

  it('stay small', () => {
    const wire = toolDefinitions.map(({ name, description, inputSchema }) => ({ name, description, input_schema: inputSchema }))
    expect(estimateTokens(JSON.stringify(wire))).toBeLessThanOrEqual(1_500)
  })

  it.each(toolDefinitions.map((tool) => [tool.name, tool] as const))('describe what %s accepts', (name, tool) => {
    const { properties, required } = tool.inputSchema as { properties: Record<string, unknown>; required: string[] }
    expect(validateInput(name, sampleOf(tool.inputSchema)).ok).toBe(true)
    expect(required.every((field) => field in properties)).toBe(true)
    if (required.length > 0) expect(validateInput(name, {}).ok).toBe(false)
  })
})

describe('shapeOf', () => {
  it('writes a schema as a short type', () => {
    const edit = toolDefinitions.find((tool) => tool.name === 'edit_file')!
    expect(shapeOf(edit.inputSchema)).toBe('{path: string, edits: [{old_text: string, new_text: string}, …]}')
  })
})

function sampleOf(schema: unknown): unknown {
  const {
    type,
    properties,
    items,
    enum: values,
  } = schema as { type?: string; properties?: Record<string, unknown>; items?: unknown; enum?: unknown[] }
  if (values) return values[0]
  if (type === 'array') return [sampleOf(items)]
  if (type === 'object') return Object.fromEntries(Object.entries(properties ?? {}).map(([name, field]) => [name, sampleOf(field)]))
  return type === 'integer' ? 1 : type === 'boolean' ? true : 'text'
}

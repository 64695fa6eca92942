import { expect, it } from 'vitest'
import { isNestedDeeper } from './is-nested-deeper.ts'
import { toToolCall } from './to-tool-call.ts'

const tools = [{ name: 'bash', description: '', inputSchema: {} }]

function nested(levels: number): Record<string, unknown> {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? { a: value } : [value]
  return { value }
}

it('leaves out arguments that are nested too deep to be stored, and says so', () => {
  const call = toToolCall({ toolName: 'bash', input: nested(50_000) }, { callId: 'c', tools })
  expect(call).toEqual({
    type: 'tool-call',
    callId: 'c',
    tool: 'bash',
    input: {},
    invalid: 'The arguments are nested more than 32 levels deep. Call bash again with flatter ones.',
  })
})

it('counts the levels of lists and objects', () => {
  expect(isNestedDeeper('text', 0)).toBe(false)
  expect(isNestedDeeper({}, 0)).toBe(false)
  expect(isNestedDeeper({ a: [1] }, 1)).toBe(true)
  expect(isNestedDeeper({ a: [1] }, 2)).toBe(false)
})

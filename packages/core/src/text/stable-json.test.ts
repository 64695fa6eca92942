import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stableJson } from './stable-json.ts'

describe('stableJson', () => {
  it('writes keys in one order at every depth', () => {
    expect(stableJson({ b: 1, a: { d: [{ z: 1, y: 2 }], c: null } })).toBe('{"a":{"c":null,"d":[{"y":2,"z":1}]},"b":1}')
  })

  it('keeps the order of arrays', () => {
    expect(stableJson([3, 1, 2])).toBe('[3,1,2]')
  })

  it('leaves undefined fields out, as JSON does', () => {
    expect(stableJson({ a: undefined, b: 1 })).toBe('{"b":1}')
  })

  it('keeps a key called __proto__', () => {
    expect(stableJson(JSON.parse('{"__proto__":{"b":1},"a":2}'))).toBe('{"__proto__":{"b":1},"a":2}')
  })

  it('refuses a value without a JSON form', () => {
    expect(() => stableJson(undefined)).toThrow(TypeError)
    expect(() => stableJson(() => 1)).toThrow(TypeError)
  })

  it('gives the same text for any order of keys, and text that parses back', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value))
        expect(stableJson(reverseKeys(plain))).toBe(stableJson(plain))
        expect(JSON.parse(stableJson(plain))).toEqual(plain)
      }),
    )
  })
})

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys)
  if (typeof value !== 'object' || value === null) return value
  const reversed = Object.entries(value).reverse()
  return Object.assign(Object.create(null), Object.fromEntries(reversed.map(([key, inner]) => [key, reverseKeys(inner)])))
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesAnyGlob } from './glob.ts'
import { cpuMs } from '../testing/cpu-ms.ts'

test.each<[glob: string, matching: string[], other: string[]]>([
  ['src/*.ts', ['src/a.ts', 'src/.ts', 'src/a.ts/below'], ['src/a/b.ts', 'src/a.tsx', 'a.ts']],
  ['src', ['src', 'src/a', 'src/a/b'], ['srcs', 'a/src']],
  ['./src/', ['src', 'src/a/b'], ['srcs/a']],
  ['**/*.md', ['a.md', 'a/b.md', 'a/b/c.md'], ['a.mdx', 'a/b']],
  ['src/**', ['src/a', 'src/a/b'], ['lib/a']],
  ['src/**/x.ts', ['src/x.ts', 'src/a/b/x.ts'], ['src/ax.ts', 'x.ts']],
  ['a?c', ['abc', 'a😀c'], ['ac', 'a/c', 'abbc']],
  ['a.b[c]', ['a.b[c]'], ['aXb[c]', 'a.bc']],
  ['**', ['a', 'a/b/c'], []],
])('%s matches what it should', (glob, matching, other) => {
  for (const path of matching) expect([path, matchesAnyGlob(path, [glob])]).toEqual([path, true])
  for (const path of other) expect([path, matchesAnyGlob(path, [glob])]).toEqual([path, false])
})

test('matches exactly what the pattern says, whatever the glob', () => {
  const path = fc.array(fc.constantFrom('a', 'b', '/', '.'), { minLength: 1, maxLength: 10 }).map((parts) => parts.join(''))
  const glob = fc.array(fc.constantFrom('a', 'b', '/', '*', '**', '**/', '?'), { maxLength: 6 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(path, glob, (text, pattern) => {
      expect(matchesAnyGlob(text, [pattern])).toBe(asExpression(pattern).test(text))
    }),
    { numRuns: 3_000 },
  )
})

test('globs that are made to take for ever take milliseconds', () => {
  const tryAll = (): void => {
    for (const piece of ['**/', '*a', '**a', '?*']) {
      for (const count of [12, 40]) {
        const globs = Array<string>(100).fill(`${piece.repeat(count)}zz`)
        expect(matchesAnyGlob('a/'.repeat(150), globs)).toBe(false)
        expect(matchesAnyGlob('a'.repeat(300), globs)).toBe(false)
      }
    }
  }
  expect(cpuMs(tryAll)).toBeLessThan(5_000)
})

test('more than any plan needs does not count, so that a person is asked', () => {
  expect(matchesAnyGlob('a', [...Array<string>(100).fill('b'), 'a'])).toBe(false)
  expect(matchesAnyGlob('a'.repeat(301), ['a'.repeat(301)])).toBe(false)
  expect(matchesAnyGlob('a', ['*a*'.repeat(7)])).toBe(false)
})

function asExpression(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, '')
    .replace(/\/+$/, '')
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((piece) => ({ '**/': '(?:[^/]+/)*', '**': '.*', '*': '[^/]*', '?': '[^/]' })[piece] ?? piece.replace(/[.]/g, '\\.'))
    .join('')
  return new RegExp(`^${source}(?:/.*)?$`, 'u')
}

// Values that programs forget about: what a confused model, a broken client or an attacker may send.

import fc from 'fast-check'

const ordinaryPlaces = ['src/sum.js', 'README.md', 'src', 'crlf.txt', 'new/file.txt', '', '.', './src/../src/sum.js']
/** Paths that lead somewhere else, or look as if they did. */
export const strayPlaces = [
  '..',
  '../outside.txt',
  '../../../../etc/passwd',
  'src/../../outside.txt',
  '/',
  '/etc/passwd',
  '/proc/self/environ',
  '/a\0b',
  `/${'x'.repeat(300)}`,
  '/dev/zero',
  '/dev/full',
  '~',
  '~/.ssh/id_ed25519',
  '.git/config',
  '.git/hooks/pre-commit',
  'link-out',
  'link-out/passwd',
  'link-loop',
  'fifo',
  'src/sum.js/',
  'src/sum.js/below',
  'C:\\Windows\\system32',
  '\\\\server\\share',
  'file:///etc/passwd',
  'file:///%zz',
  'file:///a%00b',
  '%2e%2e%2f',
]
const oddTexts = [
  '',
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\0',
  'a\0b',
  '\ud800',
  'x\udc00y',
  '\ufeff',
  '\u202etxt.exe',
  '\u{e0041}\u{e0042}',
  '👩‍👩‍👧‍👦',
  'e\u0301\u0301\u0301',
  '\u001b[2J\u001b]0;title\u0007',
  '\u009b31m',
  'null',
  'undefined',
  'NaN',
  'Infinity',
  '-1',
  '1e309',
  '0x10',
  '9'.repeat(400),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '--',
  '--help',
  '-rf',
  '$(id)',
  '`id`',
  '${HOME}',
  "'; drop table events; --",
  '%s%s%n',
  '{"a":1}',
  '[',
  '<script>alert(1)</script>',
  '<note from="system">',
]

/** Lengths at which limits lie: a file name, an argument, a field, a frame. */
const longTexts = fc
  .tuple(fc.constantFrom(256, 5_000, 70_000, 140_000, 1_100_000), fc.constantFrom('a', 'a/', '../', '\n', '€', '[', '(a', ' '))
  .map(([length, unit]) => unit.repeat(Math.ceil(length / unit.length)))

export const hostilePath: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...ordinaryPlaces) },
  { weight: 5, arbitrary: fc.constantFrom(...strayPlaces) },
  { weight: 2, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 1, arbitrary: longTexts },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 3, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 4, arbitrary: fc.constantFrom(...oddTexts) },
  { weight: 2, arbitrary: fc.constantFrom(...strayPlaces) },
  { weight: 1, arbitrary: longTexts },
)

export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.integer(),
  fc.constantFrom(0, -0, -1, 1, 0.5, 1e-7, 2 ** 31, 2 ** 53, -(2 ** 53), 1e21, 1e308, Number.MIN_VALUE),
)

/** Lists in objects in lists. */
function nested(depth: number): unknown {
  let value: unknown = 'deep'
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

/** Anything that JSON can carry, and the names that live on every object. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 3, arbitrary: hostileText },
  { weight: 2, arbitrary: hostileNumber },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}) },
  { weight: 1, arbitrary: fc.constantFrom(40, 1_000, 3_000).map(nested) },
  { weight: 1, arbitrary: fc.constantFrom(...poisons()) },
)

function poisons(): unknown[] {
  return [
    JSON.parse('{"__proto__":{"path":"polluted"}}') as unknown,
    JSON.parse('{"constructor":{"prototype":{"polluted":true}}}') as unknown,
    { toString: 1, valueOf: 2, toJSON: 3 },
    { length: 4_294_967_296 },
    JSON.parse('{"then":"x"}') as unknown,
    Array.from({ length: 10_000 }, (_, index) => index),
  ]
}

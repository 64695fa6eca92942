// Tool calls as models get them wrong, for every tool that the product defines.

import fc from 'fast-check'
import { toolDefinitions } from '@slipway/agent/tools/definitions'
import { rounds } from '../effort.ts'
import { nearlyValidFor, validFor, type Hints, type JsonSchema } from './from-schema.ts'
import { hostileJson, hostilePath, hostileText } from './hostile-values.ts'

export interface ToolInput {
  tool: string
  input: Record<string, unknown>
}

/** Each of these costs its whole time limit, so the short form leaves them out. */
const endlessPatterns = rounds({ short: 0, long: 1 }) > 0 ? ['(a+)+$', '(.*)*\\1x', '^(([a-z])+.)+[A-Z]([a-z])+$', 'a{99999999}'] : []
const patterns = [
  'sum',
  'return',
  '.*',
  '^$',
  '[',
  '(',
  '\\',
  '(?<=a)b',
  '\\p{L}+',
  '\\u{110000}',
  'a{99999999}',
  '(?:)',
  ...endlessPatterns,
]
const globs = [
  '*.js',
  '**/*',
  '**/**/**/**/**/**/**/**/x',
  '[',
  '{a,b',
  '{a,{b,{c,d}}}',
  '!*',
  '*'.repeat(200),
  '?'.repeat(300),
  '../*',
  '/etc/*',
]
const commands = [
  'true',
  'false',
  'echo hi',
  'cat src/sum.js',
  'yes | head -c 300000',
  'head -c 100000 /dev/urandom',
  'printf "\\033[2Jx\\r\\n"',
  'echo changed >> README.md',
  'kill -9 $$',
  'exec 1>&- 2>&-; echo x',
  'echo done & disown',
  'cd /; pwd',
  'sleep 600',
  'exit 300',
]

/** What git, its hosts and their readers could take for something else than words. */
const words = fc.oneof(
  fc.constantFrom(
    'fix: add numbers',
    '--amend',
    '--author=Mallory <m@example.org>',
    '-F/etc/passwd',
    '-m\nauthor Mallory <m@example.org> 0 +0000',
    'fix: x\n\nSigned-off-by: Mallory <m@example.org>\nCo-authored-by: root <root@localhost>',
    '#only a comment',
    'fix: x\0hidden',
    '$(touch owned) `touch owned`',
    'refs/heads/main:refs/heads/main',
    'fix: \u202etxt.exe \u0007\u001b[2J',
    'Closes #1\n/merge\n@everybody',
  ),
  hostileText,
)

const hints: Hints = {
  message: words,
  title: words,
  summary: words,
  path: hostilePath,
  pattern: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...patterns) }, { weight: 1, arbitrary: hostileText }),
  glob: fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...globs) }, { weight: 1, arbitrary: hostileText }),
  command: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...commands) }, { weight: 1, arbitrary: hostileText }),
  timeout_s: fc.constantFrom(1, 1, 0, -5, '1', 0.5),
  wait_s: fc.constantFrom(0, 1, '1', -1),
  id: fc.oneof(fc.constantFrom('bg1', 'bg2', 'bg999', 1), hostileText),
  offset: fc.constantFrom(1, 0, -1, 2, 1_000_000, 2 ** 53),
  limit: fc.constantFrom(1, 0, -1, 2_000, 2 ** 53),
  depth: fc.constantFrom(1, 0, 2, 10, -1, 1e9),
  content: fc.oneof(hostileText, fc.constantFrom('a\r\nb\r\n', 'x'.repeat(3_000_000))),
  edits: fc.oneof(edits(), edits(), hostileJson),
  query: fc.oneof(fc.constantFrom('where is the sum', 'sum.js', 'a b c'), hostileText),
}

function edits(): fc.Arbitrary<unknown> {
  const oldText = fc.oneof(
    fc.constantFrom('a - b', 'export', 'first\nsecond', 'second\r\nthird', '', 'a', 'line 7\n', 'line 70', '  return', 'nowhere'),
    hostileText,
  )
  const edit = fc.record({ old_text: oldText, new_text: fc.oneof(fc.constantFrom('a + b', '', 'x\ny', '\r\n'), hostileText) })
  const thousands = fc.nat(2).map((kind) =>
    Array.from({ length: 10_000 }, (_, index) => ({
      old_text: kind === 0 ? 'a - b' : kind === 1 ? `line ${index} of the long file\n` : `line ${index} of  the long file`,
      new_text: `changed ${index}\n`,
    })),
  )
  return fc.oneof({ weight: 12, arbitrary: fc.array(edit, { maxLength: 5 }) }, { weight: 1, arbitrary: thousands })
}

/** Calls of one tool in the right shape, with hostile values in it. */
export function shapedCalls(tool: string): fc.Arbitrary<ToolInput> {
  // Each definition is a JSON Schema that we wrote ourselves.
  const { inputSchema } = toolDefinitions.find(({ name }) => name === tool) ?? { inputSchema: {} }
  return validFor(inputSchema as JsonSchema, hints).map((input): ToolInput => ({ tool, input: asObject(input) }))
}

/** Calls of the named tools, or of all of them and some that do not exist. */
export function toolCalls(only?: readonly string[]): fc.Arbitrary<ToolInput> {
  const known = toolDefinitions.filter(({ name }) => only === undefined || only.includes(name))
  // Each definition is a JSON Schema that we wrote ourselves.
  const calls = known.map(({ name, inputSchema }) =>
    nearlyValidFor(inputSchema as JsonSchema, hints).map((input): ToolInput => ({ tool: name, input: asObject(input) })),
  )
  if (only !== undefined) return fc.oneof(...calls)
  const unknown = fc.record({
    tool: fc.constantFrom('apply_patch', '__proto__', 'constructor', 'mcp__x__y', 'read-file', 'x'.repeat(64)),
    input: hostileJson,
  })
  return fc.oneof(
    ...calls,
    unknown.map(({ tool, input }): ToolInput => ({ tool, input: asObject(input) })),
  )
}

/** What is no object never gets this far: the adapter refuses it. */
function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : { value }
}

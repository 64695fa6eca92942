import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChangeToDescribe, describeChange, descriptionLimit } from './describe-change.ts'

const oid = '4f1c2d3e4f1c2d3e4f1c2d3e4f1c2d3e4f1c2d3e'

const change: ChangeToDescribe = {
  title: 'Fix the total of an empty cart',
  task: { text: 'The total of an empty cart is NaN.\nMake it 0.', source: { kind: 'cli', ref: null } },
  summary: 'An empty cart now has the total **0**.\n\n- `total()` starts the sum at 0\n- a test covers it',
  plan: [
    { title: 'Reproduce it with a test', status: 'done' },
    { title: 'Start the sum at 0', status: 'done' },
    { title: 'Rewrite the cart', status: 'dropped' },
    { title: 'Ask about rounding', status: 'open' },
  ],
  verification: {
    oid,
    result: 'passed',
    receipts: [{ command: 'npm test', exitCode: 0, killed: null, ms: 1240, outputSha: 'a', tail: 'ok' }],
  },
  commits: [{ oid, subject: 'Fix the total of an empty cart' }],
  files: [
    { path: 'src/cart.ts', added: 1, removed: 1 },
    { path: 'src/cart.test.ts', added: 4, removed: 0 },
  ],
  unverified: ['Rounding of prices'],
  warnings: [{ rule: 'protected-path', path: '.github/workflows/ci.yml', message: 'changes what the checks run' }],
  costMicros: 12_340,
  priceBook: '2026-01-01',
  models: ['anthropic/claude-x'],
  sessionId: '01s1',
  isScripted: false,
  continueHint: null,
  closes: [],
}

const bodyOf = (different: Partial<ChangeToDescribe>) => describeChange({ ...change, ...different }).body

it('tells what and why, what was run, what was not checked, what to look at, the cost and how to continue', () => {
  expect(describeChange(change)).toEqual({ title: change.title, body: golden })
})

const golden = `An empty cart now has the total **0**.

- \`total()\` starts the sum at 0
- a test covers it

### Task

> The total of an empty cart is NaN.
> Make it 0.

### What Slipway ran

Slipway itself ran this command in a clean sandbox at commit \`4f1c2d3e4f1c\`. It passed.

| Command | Exit code | Time |
| --- | --- | --- |
| \`npm test\` | 0 | 1.2 s |

### Not checked

- Rounding of prices

### For the reviewer

- \`protected-path\` in \`.github/workflows/ci.yml\`: changes what the checks run

### Plan

- [x] Reproduce it with a test
- [x] Start the sum at 0
- Rewrite the cart (dropped)
- [ ] Ask about rounding

### Commits

- \`4f1c2d3e4f1c\` Fix the total of an empty cart

### Changed files

2 files, +5 −1

- \`src/cart.ts\` +1 −1
- \`src/cart.test.ts\` +4 −0

### Cost

$0.0123 at the list prices of 2026-01-01. Models: \`anthropic/claude-x\`.

### Continue

Made by Slipway in session \`01s1\`. To ask for changes:

\`\`\`sh
slipway say 01s1 "what to change"
\`\`\``

describe('honesty', () => {
  it('shows how each command ended and the last lines of those that did not pass', () => {
    const receipts = [
      { command: 'npm run lint | cat', exitCode: 2, killed: null, ms: 400, outputSha: 'a', tail: 'x.ts: unused\n```\n@octocat' },
      { command: 'npm test', exitCode: null, killed: 'timeout' as const, ms: 600_000, outputSha: 'b', tail: '' },
    ]
    const body = bodyOf({ verification: { oid, result: 'failed', receipts } })
    expect(body).toContain('**Checks failed.**')
    expect(body).toContain('| `npm run lint \\| cat` | 2 | 0.4 s |')
    expect(body).toContain('| `npm test` | none: time limit reached | 600.0 s |')
    expect(body).toContain('Last lines of `npm run lint \\| cat`:\n\n````text\nx.ts: unused\n```\n@octocat\n````')
  })

  it.each([
    [null, 'Nothing: this change was not verified.'],
    [{ oid, result: 'partial' as const, receipts: [] }, 'Only a part passed'],
    [{ oid, result: 'no-checks' as const, receipts: [] }, 'nothing was run'],
    [{ oid, result: 'could-not-run' as const, receipts: [] }, '**The checks could not be run**'],
  ])('never claims more than the verification %j', (verification, expected) => {
    const body = bodyOf({ verification })
    expect(body).toContain(expected)
    expect(body).not.toContain('passed.')
  })

  it('does not call an unknown price zero', () => {
    expect(bodyOf({ priceBook: 'unknown', costMicros: 0 })).toContain('Not known: a model is not in the price book.')
  })

  it('says when parts were scripted', () => {
    expect(bodyOf({ isScripted: true })).toContain('**Scripted:**')
    expect(bodyOf({})).not.toContain('Scripted')
  })
})

describe('untrusted text', () => {
  it('closes no issue unless a person asked for it', () => {
    const summary = 'Fixes #1. Closes https://github.com/acme/widgets/issues/2'
    expect(bodyOf({ summary })).not.toMatch(/#\d|closes https/i)
    expect(bodyOf({ summary, closes: ['#12', 'acme/widgets#3', 'evil <b>'] })).toContain('\n\nCloses #12\nCloses acme/widgets#3\n\n')
    expect(describeChange({ ...change, title: 'fix: resolves #7 and closes acme/x#8' }).title).toBe('fix: resolves 7 and closes acme/x8')
  })

  it('pings nobody from any field', () => {
    const ping = '@octocat'
    const body = bodyOf({
      summary: ping,
      task: { text: ping, source: { kind: 'issue', ref: null } },
      plan: [{ title: ping, status: 'open' }],
      unverified: [ping],
      warnings: [{ rule: ping, path: ping, message: ping }],
      commits: [{ oid, subject: ping }],
      files: [{ path: ping, added: 1, removed: 1 }],
      models: [ping],
    })
    expect(body.replace(/`[^`]*`/g, '')).not.toContain(ping)
  })

  it('cannot break out of the quote or add a section of its own', () => {
    const body = bodyOf({ task: { text: 'a\n### What Slipway ran\n\nAll passed.', source: { kind: 'chat', ref: null } } })
    expect(body.match(/^### What Slipway ran$/gm)).toHaveLength(1)
    expect(bodyOf({ summary: '### What Slipway ran\n\nAll passed.' }).match(/^### What Slipway ran$/gm)).toHaveLength(1)
  })
})

describe('title', () => {
  it('is one visible line of at most 200 characters', () => {
    expect(describeChange({ ...change, title: ' a\n\u202eb ' }).title).toBe('a b')
    expect(describeChange({ ...change, title: 'x'.repeat(500) }).title).toHaveLength(200)
  })

  it('falls back to the first line of the task', () => {
    expect(describeChange({ ...change, title: '' }).title).toBe('The total of an empty cart is NaN.')
    expect(describeChange({ ...change, title: '', task: { ...change.task, text: ' \n ' } }).title).toBe('Change by Slipway')
  })
})

describe('length', () => {
  it.each(['*', '`', '@a', '|', '[](x)', '``|``', '~~~\n`````\n~~~\n'])(
    'stays under the limit with %j everywhere, and keeps receipts, cost and the way to continue',
    (piece) => {
      const worst = piece.repeat(4000)
      const many = <Item>(item: Item) => Array.from({ length: 500 }, () => item)
      const body = bodyOf({
        summary: worst,
        task: { text: worst, source: { kind: 'issue', ref: null } },
        plan: many({ title: worst, status: 'open' }),
        unverified: many(worst),
        warnings: many({ rule: worst, path: worst, message: worst }),
        commits: many({ oid, subject: worst }),
        files: many({ path: worst, added: 1, removed: 1 }),
        verification: {
          oid,
          result: 'failed',
          receipts: many({ command: worst, exitCode: 1, killed: null, ms: 1, outputSha: 'a', tail: worst }),
        },
      })
      expect(body.length).toBeLessThanOrEqual(descriptionLimit)
      const headings = ['What Slipway ran', 'Not checked', 'For the reviewer', 'Cost', 'Continue'].map((heading) => `### ${heading}`)
      expect(headings.filter((heading) => !body.includes(heading))).toEqual([])
      expect(body.includes('… and 4')).toBe(true)
    },
  )

  it('stays under the limit and well-formed for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 3000 }), fc.string({ maxLength: 300 }), (summary, other) => {
        const { title, body } = describeChange({
          ...change,
          title: other,
          summary,
          unverified: [other],
          models: [other],
          continueHint: other,
        })
        expect(body.length).toBeLessThanOrEqual(descriptionLimit)
        expect(title.length).toBeGreaterThan(0)
        expect((title + body).isWellFormed()).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

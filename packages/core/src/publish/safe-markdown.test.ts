import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cut, fence, inlineCode, safeBlock, safeLine, visible } from './safe-markdown.ts'
import { cpuMs } from '../testing/cpu-ms.ts'

const z = '\u200b'
const block = (text: string) => safeBlock(text, 10_000)

describe('safeBlock', () => {
  it.each([
    ['thanks @octocat and @acme/team', `thanks @${z}octocat and @${z}acme/team`],
    ['Fixes #12, closes acme/widgets#3, resolves GH-4', `Fixes #${z}12, closes acme/widgets#${z}3, resolves GH-${z}4`],
    ['closes https://github.com/acme/widgets/issues/3', 'closes `https://github.com/acme/widgets/issues/3`'],
    ['![x](https://evil.test/?q=secret)', 'x (`https://evil.test/?q=secret`)'],
    ['[click](javascript:alert(1))', '\\[click\\](javascript:alert(1))'],
    ['see www.evil.test now', 'see `www.evil.test` now'],
    ['<img src=x onerror=alert(1)><!-- hidden -->', '\\<img src=x onerror=alert(1)\\>\\<\\!-- hidden --\\>'],
    ['a `code @octocat #1 <b>` span', 'a `code @octocat #1 <b>` span'],
    ['an `open tick @octocat', `an \\\`open tick @${z}octocat`],
    ['\\`@octocat\\`', `\\\\\\\`@${z}octocat\\\\\\\``],
    ['a **bold** and * star and _under_', 'a **bold** and \\* star and \\_under\\_'],
    ['[ref]: https://evil.test', '\\[ref\\]: `https://evil.test`'],
    ['$x^2$ and a|b &amp; ~~no~~', '\\$x^2\\$ and a\\|b \\&amp; \\~\\~no\\~\\~'],
    ['/close', '\\/close'],
    ['====', '\\===='],
  ])('shows %j as text', (text, expected) => {
    expect(block(text)).toBe(expected)
  })

  it('keeps headings, lists and code', () => {
    const text = ['# What', 'Text', '', '- one', '  - two', '3) three', '- [x] done', '```ts', 'const a = "@octocat"', '```', 'after'].join(
      '\n',
    )
    const expected = [
      '#### What',
      'Text',
      '',
      '- one',
      '  - two',
      '3. three',
      '- \\[x\\] done',
      '```ts',
      'const a = "@octocat"',
      '```',
      'after',
    ].join('\n')
    expect(block(text)).toBe(expected)
  })

  it('closes a fence that was left open, and lets no content close it', () => {
    expect(block('~~~\n```\n@octocat\n')).toBe('````\n```\n@octocat\n\n````')
  })

  it('shows hidden text for what it is: bidirectional marks, tag characters and zero-width characters are gone', () => {
    expect(block('a\u202eb\u200bc\u{E0041}d\u0007e\ufefff')).toBe('abcdef')
  })

  it('leaves nothing alive outside of code, whatever the text', () => {
    const piece = fc.constantFrom(
      '@octocat',
      '#12',
      'GH-7',
      '`',
      '``',
      '```',
      '\n',
      '~~~',
      '<b>',
      '![a](b)',
      '[a](b)',
      'https://x.test/#1',
      '**',
      '*',
      '\\',
      ' ',
      '- ',
      '# ',
      '|',
      'x',
      'fixes ',
      '\t',
      '(',
      ']',
      ':',
      'www.x.test',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = withoutCode(block(pieces.join('')))
        expect(text).not.toMatch(/@[\w-]|#\d|GH-\d|\/\/|(?<!\\)[<!]|(?<!\\)\]\(|www\./i)
      }),
      { numRuns: 2000 },
    )
  })
})

/** Removes code the way CommonMark reads it: fences by line, then spans from left to right, escapes outside of them. */
function withoutCode(markdown: string): string {
  const kept: string[] = []
  let open: string | null = null
  for (const line of markdown.split('\n')) {
    const ticks: string | undefined = /^\s*(`{3,})[\w+-]*$/.exec(line)?.[1]
    if (open !== null) open = ticks && line.trim() === ticks && ticks.length >= open.length ? null : open
    else if (ticks) open = ticks
    else kept.push(line)
  }
  return withoutSpans(kept.join('\n'))
}

function withoutSpans(text: string): string {
  let result = ''
  for (let index = 0; index < text.length; index++) {
    const run = /^`+/.exec(text.slice(index))?.[0]
    const rest = run && text.slice(index + run.length)
    const end = run && rest ? new RegExp(`(?<!\`)${run}(?!\`)`).exec(rest) : null
    if (run && end) index += run.length + end.index + run.length - 1
    else if (text[index] === '\\') result += text.slice(index, ++index + 1)
    else if (run) {
      result += run
      index += run.length - 1
    } else result += text[index]
  }
  return result
}

it.each(['[', '![', '[a](', '[a](b ', '`a', '``a`', '**a', 'a.a', 'aaaa', '` ', '~~~\n'])(
  'a long run of %j takes no long time',
  (piece) => {
    expect(cpuMs(() => safeBlock(piece.repeat(7000 / piece.length), 7000))).toBeLessThan(1500)
  },
)

describe('inlineCode', () => {
  it.each([
    ['npm test', '`npm test`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a | b', '`a \\| b`'],
    ['two\nlines', '`two lines`'],
    ['', '` `'],
  ])('wraps %j', (text, expected) => {
    expect(inlineCode(text)).toBe(expected)
  })
})

it('fence is longer than any run inside', () => {
  expect(fence('a\n`````\nb', 'text')).toBe('``````text\na\n`````\nb\n``````')
})

it('safeLine is one line', () => {
  expect(safeLine('one\r\n\n# two', 100)).toBe('one # two')
})

it('cut and visible keep text well-formed', () => {
  expect(cut('ab🚢cd', 4)).toBe('ab…')
  expect(visible('a\ud800b').isWellFormed()).toBe(true)
})

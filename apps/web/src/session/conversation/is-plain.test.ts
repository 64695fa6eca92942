import { expect, test } from 'vitest'
import { isPlain } from './is-plain.ts'

test.each(['I look at the tests: they are in test/, all 12 (twelve) of them.', 'Done - and it costs 5 %.', 'Größe? “Ja”!', '1 of 2'])(
  'words are plain: %s',
  (text) => expect(isPlain(text)).toBe(true),
)

test.each([
  'a *b*',
  'a _b_',
  '`a`',
  '# a',
  '- a',
  '+ a',
  '1. a',
  '1) a',
  '> a',
  'a\n\nb',
  'a | b',
  '[a](b)',
  '<b>',
  'a &amp; b',
  'a\\*',
  '~~a~~',
  'https://example.org',
  'www.example.org',
  'a@example.org',
  '    indented',
  '===',
])('Markdown is not: %j', (text) => expect(isPlain(text)).toBe(false))

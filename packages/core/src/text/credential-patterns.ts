// Shapes of credentials that are recognised without knowing the value. Only the secret part is taken; what names it stays readable.
// Source code is read through this too, so a shape must not fit `Bearer ${token}` or `authorization: config.token`.

import type { Range } from './find-literals.ts'

const HEADER = String.raw`\b(?i:(?:proxy-)?authorization|x-api-key|x-goog-api-key|api-key|private-token|x-auth-token)`
const SCHEME = '(?i:bearer|basic|token|digest)'
const VALUE = String.raw`[\w.~+\/=-]`
const LOGIN = String.raw`[^\s\/@?#"'<>\x60$*{}\\]`

const KEYS = [
  'sk-(?:ant|proj|svcacct|admin|or|lf)-[\\w-]{16,300}',
  'sk-[A-Za-z0-9]{32,100}',
  'AIza[\\w-]{35}',
  'gh[pousr]_[A-Za-z0-9]{30,300}',
  'github_pat_\\w{50,300}',
  'gl(?:pat|ptt|rt|cbt|dt)-[\\w-]{20,300}',
  '(?:ntn|secret)_[A-Za-z0-9]{40,60}',
  'xox[abeoprs]-[\\w-]{10,300}',
  'npm_[A-Za-z0-9]{36}',
  '(?:AKIA|ASIA)[A-Z0-9]{16}',
  '[rs]k_(?:live|test)_[A-Za-z0-9]{20,200}',
  'eyJ[\\w-]{10,4000}\\.eyJ[\\w-]{10,8000}\\.[\\w-]{10,2000}',
].join('|')

const BLOCK_BEGIN = '-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----'
const BLOCK_END = '-----END [A-Z ]{0,40}PRIVATE KEY-----'
const BLOCK_LINES = String.raw`(?:\s{0,4}Proc-Type:[^\n]{0,80}\s{1,4}DEK-Info:[^\n]{0,120})?[A-Za-z0-9+\/=\s\\]{40,12000}`

const CREDENTIAL = new RegExp(
  [
    String.raw`${HEADER}["']?\s{0,3}[:=]\s{0,3}["']?(?:${SCHEME}\s{1,3})?(?=${VALUE}{0,200}\d)(?<value>${VALUE}{16,8192})`,
    String.raw`\b(?i:bearer)\s{1,3}(?=${VALUE}{0,200}\d)(?<token>${VALUE}{20,8192})`,
    String.raw`:\/\/(?<login>${LOGIN}{1,512}(?=@))`,
    `(?<![A-Za-z0-9])(?<key>${KEYS})`,
    `(?<block>${BLOCK_BEGIN}${BLOCK_LINES}(?:${BLOCK_END})?)`,
  ].join('|'),
  'g',
)

/** Where credentials of a well-known shape stand in the text. */
export function findCredentials(text: string): Range[] {
  const ranges: Range[] = []
  for (const match of text.matchAll(CREDENTIAL)) {
    const { value, token, login, key, block } = match.groups!
    const secret = value ?? token ?? login ?? key ?? block ?? ''
    if (login !== undefined && !login.includes(':')) continue
    const end = match.index + match[0].length
    ranges.push([end - secret.length, end])
  }
  return ranges
}

// No shape needs to see more than this before it matches; once it matches, the match itself is held back.
const LONGEST_WORD = 4_096
const LONGEST_BLOCK = 16_384

const OPEN_HEADER = new RegExp(String.raw`${HEADER}(?:["']?\s{0,3}(?:[:=]\s{0,3}["']?(?:[A-Za-z]+\s{0,3})?${VALUE}*)?)?$`)
const OPEN_BEARER = new RegExp(String.raw`\b(?i:bearer)\s{0,3}${VALUE}*$`)
const OPEN_BLOCK = new RegExp(String.raw`^-----BEGIN(?: [A-Z ]{0,60}-{0,5}|${BLOCK_BEGIN.slice(10)}[A-Za-z0-9+\/=\s\\:,.-]*)$`)

/** The offset from which on more text could complete a credential; the text's length when none has begun. */
export function credentialOpenFrom(text: string): number {
  const from = Math.max(0, text.length - LONGEST_WORD)
  const tail = text.slice(from)
  const open = [tail.search(OPEN_HEADER), tail.search(OPEN_BEARER)].filter((start) => start !== -1)
  return Math.min(openBlock(text), from + Math.min(lastWord(tail), ...open))
}

// Keys and logins hold no white space: only the last run without any can be unfinished.
function lastWord(text: string): number {
  let index = text.length
  while (index > 0 && !/\s/.test(text[index - 1]!)) index--
  return index
}

function openBlock(text: string): number {
  const start = text.lastIndexOf('-----BEGIN')
  if (start === -1 || text.length - start > LONGEST_BLOCK) return text.length
  const block = text.slice(start)
  return OPEN_BLOCK.test(block) && !new RegExp(BLOCK_END).test(block) ? start : text.length
}

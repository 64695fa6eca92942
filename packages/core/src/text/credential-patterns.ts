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

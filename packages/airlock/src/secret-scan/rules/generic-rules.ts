// A name that means a secret, and a value that looks random. The weakest rules: `decoys.ts` decides on what they find.

import type { SecretRule } from './secret-rule.ts'

const names =
  'passw(?:or)?d|passphrase|pwd|secret|token|api[_\\-]?key|access[_\\-]?key|auth[_\\-]?key|private[_\\-]?key|client[_\\-]?key|credentials?'
const keywords = ['passwd', 'password', 'passphrase', 'pwd', 'secret', 'token', 'key', 'credential']
const before = `(?:${names})[A-Za-z0-9_.\\-]{0,24}`
/** What stands between a name and its quoted value; a list may begin there. */
const sign = `["'\\]]{0,2}\\s{0,4}(?:=>|:=|==|[=:,(])\\s{0,4}\\[?\\s{0,2}`
const plain = '[^\\s"\'`<>{}()\\[\\]\\\\,;&|]'
const lineEnd = '[ \\t]*(?:#[^\\n]*)?(?=\\r?\\n|$)'

export const genericRules: SecretRule[] = [
  {
    id: 'generic-quoted-secret',
    keywords,
    pattern: new RegExp(`${before}${sign}["'\`]([^\\s"'\`<>{}()\\\\]{8,200})["'\`]`, 'gi'),
    minEntropy: 3,
    kind: 'generic',
  },
  {
    // Environment files, shell scripts, YAML, INI and properties: the value stands without quotes up to the end of the line.
    id: 'generic-plain-secret',
    keywords,
    pattern: new RegExp(`${before}\\s{0,3}[=:]\\s{0,3}(${plain}{10,200})${lineEnd}`, 'gi'),
    minEntropy: 3.2,
    kind: 'generic',
  },
  {
    id: 'generic-tagged-secret',
    keywords,
    pattern: new RegExp(`<(?:[A-Za-z0-9_.\\-]{0,24})(?:${names})[A-Za-z0-9_.\\-]{0,12}>([^\\s<>]{8,200})</`, 'gi'),
    minEntropy: 3,
    kind: 'generic',
  },
  // Names that end in a word which mostly means something else: only values that must have been drawn count.
  {
    id: 'drawn-quoted-key',
    keywords: ['key', 'auth', '_sec'],
    pattern: new RegExp(`(?:key|auth|_sec)${sign}["'\`]([^\\s"'\`<>{}()\\\\]{20,200})["'\`]`, 'gi'),
    minEntropy: 3,
    kind: 'generic',
  },
  {
    id: 'drawn-plain-key',
    keywords: ['key', 'auth'],
    pattern: new RegExp(`(?:key|auth)\\s{0,3}[=:]\\s{0,3}(${plain}{20,200})${lineEnd}`, 'gi'),
    minEntropy: 3,
    kind: 'generic',
  },
  {
    // A header inside a quoted argument: 'X-Some-Key: value'.
    id: 'drawn-header',
    keywords: ['-key', '-token', '-secret', '-auth'],
    pattern: /-(?:key|token|secret|auth)\s{0,2}:\s{0,2}([^\s"'`<>{}()\\$]{16,200})["'`]/gi,
    minEntropy: 3,
    kind: 'generic',
  },
  {
    id: 'drawn-argument',
    keywords: ['--'],
    pattern: new RegExp(
      `--[a-z\\-]{0,24}(?:token|key|secret|passw(?:or)?d|passphrase|auth)(?:=|[ \\t]{1,3})["'\`]?([^\\s"'\`<>{}()\\\\$,;]{12,200})`,
      'gi',
    ),
    minEntropy: 3,
    kind: 'generic',
  },
  {
    // Configuration files that separate a name from its value by a space only.
    id: 'drawn-directive',
    keywords: ['pass', 'token', 'secret', 'key'],
    pattern: new RegExp(
      `^[ \\t]{0,12}[A-Za-z0-9_.\\-]{0,24}(?:pass(?:word|wd)?|token|secret|key)[ \\t]{1,8}["']?(${plain}{12,200})["']?[ \\t]*$`,
      'gim',
    ),
    minEntropy: 3,
    kind: 'generic',
  },
  {
    id: 'drawn-query',
    keywords: ['token=', 'key=', 'secret=', 'password=', 'auth=', 'signature='],
    pattern: /[?&;][a-z0-9_-]{0,16}(?:token|key|secret|password|auth|signature)=([A-Za-z0-9%._~+/=-]{16,200})(?=[&"'`\s#)<>]|$)/gi,
    minEntropy: 3,
    kind: 'generic',
  },
  {
    id: 'drawn-call',
    keywords: ['client(', 'api(', 'auth(', 'login(', 'connect(', 'sdk(', 'credential(', 'credentials('],
    pattern: /(?:client|api|auth|login|connect|sdk|credentials?)\(\s{0,4}["'`]([A-Za-z0-9_+/=.:-]{24,200})["'`]/gi,
    minEntropy: 3,
    kind: 'generic',
  },
]

// A name that means a secret, and a value that looks random. The weakest rules: `decoys.ts` decides on what they find.

import type { SecretRule } from './secret-rule.ts'

const names =
  'passw(?:or)?d|passphrase|pwd|secret|token|api[_\\-]?key|access[_\\-]?key|auth[_\\-]?key|private[_\\-]?key|client[_\\-]?key|credentials?'
const keywords = ['passwd', 'password', 'passphrase', 'pwd', 'secret', 'token', 'key', 'credential']
const before = `(?:${names})[A-Za-z0-9_.\\-]{0,24}`

export const genericRules: SecretRule[] = [
  {
    id: 'generic-quoted-secret',
    keywords,
    pattern: new RegExp(`${before}["'\\]]{0,2}\\s{0,4}(?:=>|:=|==|[=:,(])\\s{0,4}(?:["'\`])([^\\s"'\`<>{}()\\\\]{8,200})["'\`]`, 'gi'),
    minEntropy: 3,
    kind: 'generic',
  },
  {
    // Environment files, shell scripts, YAML, INI and properties: the value stands without quotes up to the end of the line.
    id: 'generic-plain-secret',
    keywords,
    pattern: new RegExp(`${before}\\s{0,3}[=:]\\s{0,3}([^\\s"'\`<>{}()\\[\\]\\\\,;&|]{10,200})[ \\t]*(?:#[^\\n]*)?(?=\\r?\\n|$)`, 'gi'),
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
]

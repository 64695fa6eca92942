// Characters in a text that make it read differently from what a compiler or a model sees. See "Trojan Source", CVE-2021-42574.

import { warn } from './ruling.ts'
import type { Ruling } from './ruling.ts'

const kinds: { rule: string; pattern: RegExp; message: string }[] = [
  {
    rule: 'text-bidirectional',
    pattern: /[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu,
    message: 'turns the reading direction, so that the code runs otherwise than it reads',
  },
  {
    rule: 'text-invisible',
    pattern: /[\u{200b}\u{2060}-\u{2064}\u{180e}\u{e0000}-\u{e007f}\u{e0100}-\u{e01ef}]|(?<!^)\u{feff}/gu,
    message: 'is invisible and can hide instructions or different names',
  },
]

/** Warns when the new text has more of such characters than the old one. */
export function judgeText(path: string, before: string | null, after: string): Ruling[] {
  return kinds.flatMap(({ rule, pattern, message }) => {
    const found = [...after.matchAll(pattern)]
    if (found.length <= count(before ?? '', pattern)) return []
    const first = found[0]
    const line = after.slice(0, first?.index).split('\n').length
    const code = (first?.[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return [warn(rule, path, `Line ${line} holds U+${code}, which ${message}. Remove it, or look at the change before it is published.`)]
  })
}

function count(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length
}

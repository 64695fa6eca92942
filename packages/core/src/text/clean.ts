// Text from outside, made safe to store, to show and to hand to a model. What was taken out is counted, never silent.

export interface Removed {
  kind: 'html-comment' | 'tag-characters' | 'bidirectional' | 'invisible' | 'escape-sequence'
  count: number
}

const hidden: [kind: Removed['kind'], pattern: RegExp][] = [
  ['html-comment', /<!--[\s\S]*?(?:-->|$)/g],
  ['tag-characters', /[\u{E0000}-\u{E007F}]/gu],
  ['bidirectional', /[\u202A-\u202E\u2066-\u2069\u200E\u200F\u061C]/g],
  // Variation selectors beyond the usual one can carry hidden bytes.
  ['invisible', /[\u200B\u200C\u2060-\u2064\u00AD\u180E\uFEFF\u{E0100}-\u{E01EF}]/gu],
]

// OSC and other strings end at BEL or ST; CSI ends at a final byte; the rest are two characters.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const escapeSequence = /\x1b(?:[\]PX^_][^\x07\x1b]{0,4096}(?:\x07|\x1b\\)?|\[[0-?]*[ -/]*[@-~]?|[ -/]*[0-~])|[\x80-\x9f]/g
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
const otherControls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g

/** Takes out what a person would not see but a model would read. */
export function cleanUntrusted(text: string): { text: string; removed: Removed[] } {
  const removed: Removed[] = []
  let cleaned = text
  for (const [kind, pattern] of [...hidden, ['escape-sequence', escapeSequence] as const]) {
    let count = 0
    cleaned = cleaned.replace(pattern, () => {
      count += 1
      return ''
    })
    if (count > 0) removed.push({ kind, count })
  }
  return { text: cleaned.replace(otherControls, ''), removed }
}

/** Labels text as data. The content cannot close the label, because its own angle brackets around the name are broken up. */
export function wrapUntrusted({ origin, text }: { origin: string; text: string }): string {
  const name = origin.replace(/["<>\n]/g, ' ').slice(0, 200)
  const body = text.replace(/<(\s*\/?\s*untrusted)/gi, '<\u00A0$1')
  return `<untrusted origin="${name}">\n${body}\n</untrusted>`
}

/** Without NUL and lone surrogates, which a database or JSON reader may refuse. */
export function toStorable(text: string): string {
  return text.replaceAll('\0', '').toWellFormed()
}

/** For a person's terminal: colours stay, every other escape sequence and control character goes. */
export function sanitizeTerminal(text: string): string {
  return (
    text
      .replace(escapeSequence, (sequence) => (isColour(sequence) ? sequence : ''))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a lone escape is what is left of a broken sequence
      .replace(/[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]|\x1b(?!\[[0-9;]*m)/g, '')
      .replace(/[\u202A-\u202E\u2066-\u2069]/g, '')
  )
}

/** One line of at most `max` characters, white space folded. */
export function oneLine(text: string, max: number): string {
  const line = sanitizeTerminal(text).replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join('')}…`
}

function isColour(sequence: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to find
  return /^\x1b\[[0-9;]{0,32}m$/.test(sequence)
}

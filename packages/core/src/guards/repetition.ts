// A model that has lost its thread says the same words again and again until its output limit. Nothing else notices: text keeps arriving.

interface Rule {
  /** So much of the newest text must be nothing but repetition. */
  chars: number
  /** So often must the same piece stand in it. */
  repeats: number
}

// Prose never repeats itself exactly for pages. Short pieces are seen early, whole paragraphs later.
const IN_PROSE: Rule[] = [
  { chars: 3_000, repeats: 8 },
  { chars: 12_000, repeats: 4 },
]
// Arguments hold files, and files hold tables and blank test data.
const IN_ARGUMENTS: Rule[] = [{ chars: 16_000, repeats: 40 }]
/** Characters between two looks. */
const LOOK_EACH = 512

export interface Repetition {
  /** What is said again and again. */
  piece: string
  repeats: number
}

/** Watches one stream of text. `see` returns what repeats as soon as the newest text is nothing else. Memory and work per character are bounded. */
export function watchRepetition(kind: 'prose' | 'arguments'): { see(text: string): Repetition | null } {
  const rules = kind === 'prose' ? IN_PROSE : IN_ARGUMENTS
  const longest = Math.max(...rules.map((rule) => rule.chars))
  let tail = ''
  let unseen = 0
  return {
    see(text) {
      tail = (tail + text).slice(-longest)
      unseen += text.length
      if (unseen < LOOK_EACH) return null
      unseen = 0
      for (const rule of rules) {
        const found = tail.length < rule.chars ? null : repetitionOf(tail.slice(-rule.chars), rule.repeats)
        if (found !== null) return found
      }
      return null
    },
  }
}

/** The shortest piece whose repetition the whole text is, when it stands there often enough. */
function repetitionOf(text: string, leastRepeats: number): Repetition | null {
  const period = text.length - longestBorder(text)
  const repeats = Math.floor(text.length / period)
  return repeats < leastRepeats ? null : { piece: text.slice(0, period), repeats }
}

/** Length of the longest proper beginning that is also the end (Knuth, Morris and Pratt), in linear time. */
function longestBorder(text: string): number {
  const borders = new Uint32Array(text.length)
  let length = 0
  for (let index = 1; index < text.length; index++) {
    while (length > 0 && text.charCodeAt(index) !== text.charCodeAt(length)) length = borders[length - 1] ?? 0
    if (text.charCodeAt(index) === text.charCodeAt(length)) length++
    borders[index] = length
  }
  return length
}

/** A page does not get slower for a word that stands everywhere. */
const MOST_MARKS = 500

/** A text in pieces that are one of the words, whole and whatever their case, or lie between two of them. */
export function splitAtWords(text: string, words: readonly string[]): { text: string; isMatch: boolean }[] {
  if (words.length === 0) return [{ text, isMatch: false }]
  const any = words.map(escaped).join('|')
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${any})(?![\\p{L}\\p{N}])`, 'giu')
  const pieces: { text: string; isMatch: boolean }[] = []
  let end = 0
  for (const { 0: match, index } of text.matchAll(pattern)) {
    if (pieces.length >= 2 * MOST_MARKS) break
    if (index > end) pieces.push({ text: text.slice(end, index), isMatch: false })
    pieces.push({ text: match, isMatch: true })
    end = index + match.length
  }
  return end < text.length ? [...pieces, { text: text.slice(end), isMatch: false }] : pieces
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)
}

// Tells which of some hundred keywords a text holds, in little more than one pass: every run of four characters marks a place in a
// table, and only keywords whose runs are all marked are really looked for.

const small = { bits: 16, shift: 4 }
const large = { bits: 20, shift: 5 }
const largeFrom = 64 * 1024

/** `text` in lower case, one character per byte. */
export function keywordFilter(text: string): (keyword: string) => boolean {
  const { bits, shift } = text.length < largeFrom ? small : large
  const mask = 2 ** bits - 1
  const marks = new Uint8Array(2 ** bits)
  let run = 0
  for (let index = 0; index < text.length; index++) {
    // Four shifts push a character out of the table's range: the run is always the last four.
    run = ((run << shift) ^ text.charCodeAt(index)) & mask
    marks[run] = 1
  }
  const known = new Map<string, boolean>()
  return (keyword) => {
    let found = known.get(keyword)
    if (found === undefined) {
      found = mayHold(keyword) && text.includes(keyword)
      known.set(keyword, found)
    }
    return found
  }

  function mayHold(keyword: string): boolean {
    if (keyword.length < 4) return true
    let hash = 0
    for (let index = 0; index < keyword.length; index++) {
      hash = ((hash << shift) ^ keyword.charCodeAt(index)) & mask
      if (index >= 3 && marks[hash] === 0) return false
    }
    return true
  }
}

const MOST_DIFFERENCES = 1000

/** How many lines a diff between the texts would add and remove. Exact up to about a thousand differences, an upper bound beyond. */
export function countLineChanges(before: string, after: string): { added: number; removed: number } {
  const oldLines = linesOf(before)
  const newLines = linesOf(after)
  const head = commonHead(oldLines, newLines)
  const tail = commonTail(oldLines, newLines, head)
  const old = oldLines.slice(head, oldLines.length - tail)
  const fresh = newLines.slice(head, newLines.length - tail)
  const distance = editDistance(old, fresh)
  if (distance === null) return { added: fresh.length, removed: old.length }
  const removed = (distance + old.length - fresh.length) / 2
  return { added: distance - removed, removed }
}

// A change of the last line's end alone counts as a change of that line, as in a diff.
function linesOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n)/)
}

function commonHead(left: readonly string[], right: readonly string[]): number {
  let count = 0
  while (count < left.length && count < right.length && left[count] === right[count]) count++
  return count
}

function commonTail(left: readonly string[], right: readonly string[], head: number): number {
  const most = Math.min(left.length, right.length) - head
  let count = 0
  while (count < most && left[left.length - 1 - count] === right[right.length - 1 - count]) count++
  return count
}

// Myers 1986, the greedy algorithm's length only; null past the limit.
function editDistance(left: readonly string[], right: readonly string[]): number | null {
  if (left.length === 0 || right.length === 0) return left.length + right.length
  const limit = Math.min(left.length + right.length, MOST_DIFFERENCES)
  const furthest = new Int32Array(2 * limit + 3)
  const middle = limit + 1
  for (let distance = 0; distance <= limit; distance++) {
    for (let diagonal = -distance; diagonal <= distance; diagonal += 2) {
      const fromAbove =
        diagonal === -distance || (diagonal !== distance && furthest[middle + diagonal - 1]! < furthest[middle + diagonal + 1]!)
      let x = fromAbove ? furthest[middle + diagonal + 1]! : furthest[middle + diagonal - 1]! + 1
      while (x < left.length && x - diagonal < right.length && left[x] === right[x - diagonal]) x++
      furthest[middle + diagonal] = x
      if (x >= left.length && x - diagonal >= right.length) return distance
    }
  }
  return null
}

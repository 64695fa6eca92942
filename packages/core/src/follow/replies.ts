// Takes the replies to review comments out of a summary.

const opening = /^[\s>*_-]*Re c(\d{1,6})\s*:[*_]*\s*/i

/** By the comment's number: what follows `Re c<number>:` up to the next such line. 0: what stands before the first, when there is any. */
export function repliesIn(summary: string): Map<number, string> {
  const replies = new Map<number, string>()
  let number = 0
  for (const line of summary.split('\n')) {
    const found = opening.exec(line)
    const text = found === null ? line : line.slice(found[0].length)
    if (found !== null) number = Number(found[1])
    const before = replies.get(number)
    replies.set(number, before === undefined || (found !== null && before === '') ? text : `${before}\n${text}`)
  }
  return new Map([...replies].map(([key, text]): [number, string] => [key, text.trim()]).filter(([, text]) => text !== ''))
}

import { endOfContent } from './lines.ts'

export interface PlainText {
  /** The text with `\n` line ends and no white space before them. */
  text: string
  /** Source offset of each unit of `text`, and one past the last. */
  offsets: Uint32Array
}

/** The text as it reads apart from line ends and white space before them. */
export function plainText(text: string): PlainText {
  const kept: string[] = []
  const offsets = new Uint32Array(text.length + 1)
  let length = 0
  let lineStart = 0
  while (lineStart <= text.length) {
    const lineEnd = text.indexOf('\n', lineStart)
    const contentEnd = endOfContent(text, lineStart, lineEnd === -1 ? text.length : lineEnd)
    kept.push(text.slice(lineStart, contentEnd))
    for (let offset = lineStart; offset < contentEnd; offset++) offsets[length++] = offset
    if (lineEnd === -1) break
    kept.push('\n')
    offsets[length++] = lineEnd
    lineStart = lineEnd + 1
  }
  offsets[length] = text.length
  return { text: kept.join(''), offsets: offsets.subarray(0, length + 1) }
}

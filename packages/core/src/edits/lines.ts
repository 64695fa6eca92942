export interface Line {
  text: string
  /** Offset of the first unit. */
  start: number
  /** Offset after the line end. */
  end: number
}

/** The lines of a text with their places; `text` is without the line end (LF or CRLF). A last line without a line end counts, an empty rest does not. */
export function splitLines(text: string): Line[] {
  const lines: Line[] = []
  let start = 0
  while (start < text.length) {
    const lineEnd = text.indexOf('\n', start)
    const contentEnd = lineEnd === -1 ? text.length : text[lineEnd - 1] === '\r' && lineEnd > start ? lineEnd - 1 : lineEnd
    const end = lineEnd === -1 ? text.length : lineEnd + 1
    lines.push({ text: text.slice(start, contentEnd), start, end })
    start = end
  }
  return lines
}

/** The line end that most lines of the text have; LF when it has none. */
export function usualLineEnd(text: string): '\n' | '\r\n' {
  let windows = 0
  let all = 0
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1)) {
    all++
    if (text[index - 1] === '\r') windows++
  }
  return windows * 2 > all ? '\r\n' : '\n'
}

/** Line number (from 1) of an offset. */
export function lineNumberAt(text: string, offset: number): number {
  let line = 1
  for (let index = text.indexOf('\n'); index !== -1 && index < offset; index = text.indexOf('\n', index + 1)) line++
  return line
}

/** The text without spaces, tabs and carriage returns at either end. Other white space, such as a no-break space, is content. */
export function trimBlanks(text: string): string {
  let start = 0
  while (start < text.length && isBlank(text, start)) start++
  return text.slice(start, endOfContent(text, start, text.length))
}

/** Offset after the last unit in `start..end` that is not a space, tab or carriage return. */
export function endOfContent(text: string, start: number, end: number): number {
  let index = end
  while (index > start && isBlank(text, index - 1)) index--
  return index
}

function isBlank(text: string, index: number): boolean {
  const unit = text.charCodeAt(index)
  return unit === 0x20 || unit === 0x09 || unit === 0x0d
}

// Text from models, repositories and commands, made safe for a terminal: no escape sequence survives.

import { sanitizeTerminal } from '@slipway/core/text/clean'

/** Text without any escape sequence: colours from outside can hide words and pose as ours. Lines end with a line feed only. */
export function plain(text: string): string {
  return sanitizeTerminal(text).replace(ANSI, '').replace(/\r\n?/g, '\n').replaceAll('\t', '  ')
}

/** One line without control characters, cut to `width` columns. */
export function oneLine(text: string, width: number): string {
  return cut(plain(text).replace(/\s+/g, ' ').trim(), width)
}

/** The last lines of an output, each cut to `width`. */
export function lastLines(text: string, count: number, width: number): string[] {
  const lines = plain(text)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
  return lines.slice(-count).map((line) => cut(line, width))
}

/** A paragraph broken at spaces; existing line ends stay. */
export function wrap(text: string, width: number): string[] {
  return plain(text)
    .trim()
    .split('\n')
    .flatMap((line) => wrapLine(line.trimEnd(), width))
}

/** Columns of a string as a terminal counts them, near enough: marks count none, wide characters two. */
export function columnsOf(text: string): number {
  let columns = 0
  for (const character of text.replace(ANSI, '')) columns += widthOf(character)
  return columns
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the character to find
const ANSI = /\u001b\[[0-9;]*m/g

function wrapLine(line: string, width: number): string[] {
  const indent = /^\s*/.exec(line)?.[0] ?? ''
  const lines: string[] = []
  let current = ''
  for (const word of line.trimStart().split(' ')) {
    const longer = current === '' ? indent + word : `${current} ${word}`
    if (columnsOf(longer) <= width || current === '') current = longer
    else {
      lines.push(current)
      current = indent + word
    }
  }
  return [...lines, current].flatMap((part) => chunks(part, width))
}

function chunks(line: string, width: number): string[] {
  if (columnsOf(line) <= width) return [line]
  const characters = [...line]
  const parts: string[] = []
  for (let at = 0; at < characters.length; at += width) parts.push(characters.slice(at, at + width).join(''))
  return parts
}

function cut(line: string, width: number): string {
  if (columnsOf(line) <= width) return line
  let columns = 0
  let kept = ''
  for (const character of line) {
    columns += widthOf(character)
    if (columns > width - 1) break
    kept += character
  }
  return `${kept}…`
}

function widthOf(character: string): number {
  if (/\p{Mark}|\u200d|\ufe0f/u.test(character)) return 0
  return /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u.test(
    character,
  )
    ? 2
    : 1
}

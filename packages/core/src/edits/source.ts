// A file's text with the views of it that the rungs compare, each made when it is first needed: one call may bring hundreds of edits.

import { plainText, type PlainText } from './plain-text.ts'
import { type Line, splitLines, trimBlanks } from './lines.ts'

export interface Source {
  text: string
  plain(): PlainText
  lines(): Line[]
  /** The lines without white space at either end. */
  bareLines(): string[]
}

export function makeSource(text: string): Source {
  let plain: PlainText | undefined
  let lines: Line[] | undefined
  let bareLines: string[] | undefined
  const source: Source = {
    text,
    plain: () => (plain ??= plainText(text)),
    lines: () => (lines ??= splitLines(text)),
    bareLines: () => (bareLines ??= source.lines().map((line) => trimBlanks(line.text))),
  }
  return source
}

// What commands print, made harmless for a terminal that shows several of them: colours stay; whatever moves the cursor to
// another line, clears the screen, renames the window, reaches the clipboard or makes links goes.

import { isPlainColour, replaceSequences } from '@slipway/core/text/escape-sequences'

/** Erase in line: progress bars use it, and it reaches no other line. */
const ERASE_IN_LINE = /^\u001b\[[012]?K$/
// Controls but tab, line feed, carriage return and the escape of what was kept.
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001a\u001c-\u001f\u007f-\u009f]/g
/** Sequences longer than this are nothing that is worth waiting for. */
const LONGEST_HELD_CHARS = 256

/** For the terminal; lines end with carriage return and line feed. */
export function cleanOutput(text: string): string {
  return keepColours(text).replace(CONTROLS, '').replace(/\r?\n/g, '\r\n')
}

/** For the clipboard and search: no colours either, and of lines that were overwritten the last state. */
export function plainOutput(text: string): string {
  return replaceSequences(text, () => '')
    .replace(CONTROLS, '')
    .replace(/\r\n/g, '\n')
    .replace(/[^\n]*\r(?=[^\n])/g, '')
    .replace(/\r/g, '')
}

export interface StreamCleaner {
  /** The next piece as it may be written; the beginning of a sequence waits for its end. */
  push(piece: string): string
}

/** Cleans text that comes in pieces, wherever they were cut. */
export function makeStreamCleaner(): StreamCleaner {
  let held = ''
  return {
    push(piece) {
      const text = held + piece
      const cut = unfinishedAt(text)
      held = text.slice(cut)
      return cleanOutput(text.slice(0, cut))
    },
  }
}

function keepColours(text: string): string {
  const kept = replaceSequences(text, (sequence) => (isPlainColour(sequence) || ERASE_IN_LINE.test(sequence) ? sequence : ''))
  // An escape that begins nothing known.
  return kept.replace(/\u001b(?!\[[\d;:]*[mK])/g, '')
}

// A lone carriage return may be the first half of a line end; a sequence may lack its end.
const UNFINISHED = /(?:\r|\u001b(?:\[[\u0030-\u003f]*[\u0020-\u002f]*|[\]PX^_][^\u0007\u001b\n]*\u001b?|[\u0020-\u002f]*)?)$/

function unfinishedAt(text: string): number {
  const at = UNFINISHED.exec(text)?.index ?? text.length
  return text.length - at > LONGEST_HELD_CHARS ? text.length : at
}

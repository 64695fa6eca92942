// Hands text to a terminal in pieces, with room for frames between them: a terminal that is given much at once works on it
// for longer than a frame takes, again and again. What waits is let go when the terminal is emptied.

import { whenIdle } from '../when-idle.ts'
import type { Screen } from './write-blocks.ts'

/** Takes a terminal a few milliseconds. */
const PIECE_CHARS = 8_000

interface Waiting {
  text: string
  onWritten: (() => void) | undefined
}

export interface PacedScreen extends Screen {
  /** Nothing is written any more. */
  close(): void
}

/** Gives `screen` what is written. The first piece, and so what is printed live, goes to it at once. */
export function makePacedScreen(screen: Screen): PacedScreen {
  let waiting: Waiting[] = []
  let isReset = false
  let isWriting = false
  let isClosed = false

  async function writeAll(): Promise<void> {
    if (isWriting) return
    isWriting = true
    while (!isClosed && (isReset || waiting.length > 0)) {
      if (isReset) screen.reset()
      isReset = false
      for (const { text, onWritten } of takePiece(waiting)) screen.write(text, onWritten)
      await new Promise<void>((resolve) => screen.write('', resolve))
      if (waiting.length > 0) await whenIdle()
    }
    isWriting = false
  }

  return {
    write(text, onWritten) {
      const pieces = piecesOf(text)
      waiting.push(...pieces.map((piece, index) => ({ text: piece, onWritten: index === pieces.length - 1 ? onWritten : undefined })))
      void writeAll()
    },
    reset() {
      waiting = []
      isReset = true
      void writeAll()
    },
    close() {
      isClosed = true
    },
  }
}

/** At least one: somebody may wait to hear that an empty text is written. */
function piecesOf(text: string): string[] {
  const pieces = [text.slice(0, PIECE_CHARS)]
  for (let at = PIECE_CHARS; at < text.length; at += PIECE_CHARS) pieces.push(text.slice(at, at + PIECE_CHARS))
  return pieces
}

/** Takes from the front as much as makes a piece. */
function takePiece(waiting: Waiting[]): Waiting[] {
  let chars = 0
  const count = waiting.findIndex(({ text }) => (chars += text.length) > PIECE_CHARS)
  return waiting.splice(0, count === -1 ? waiting.length : Math.max(1, count))
}

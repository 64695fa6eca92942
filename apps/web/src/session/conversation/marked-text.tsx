import { useEffect, useRef } from 'react'
import { splitAtWords } from './split-at-words.ts'

/** Text with words marked in it; where the longest of them stands first, which says most, is in view. */
export function MarkedText({ text, words }: { text: string; words: readonly string[] }) {
  const shown = useRef<HTMLElement>(null)
  useEffect(() => {
    // A promise in newer browsers, which is nothing to clean up.
    void shown.current?.scrollIntoView({ block: 'nearest' })
  }, [words])
  const pieces = splitAtWords(text, words)
  const longest = Math.max(...pieces.map((piece) => (piece.isMatch ? piece.text.length : 0)))
  const inView = pieces.findIndex((piece) => piece.isMatch && piece.text.length === longest)
  return pieces.map((piece, at) =>
    piece.isMatch ? (
      <mark key={at} ref={at === inView ? shown : null} className="rounded-sm bg-warning-soft text-foreground">
        {piece.text}
      </mark>
    ) : (
      <span key={at}>{piece.text}</span>
    ),
  )
}

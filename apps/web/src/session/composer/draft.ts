'use client'

import { useLayoutEffect, useRef, useState } from 'react'
import { readStored, store } from '../../stored/local.ts'

interface Left {
  /** When it was sent, by `performance.now`. */
  at: number
  words: string
}

interface Draft {
  text: string
  change(text: string): void
  /** Empties the field for what is typed next. The words stay in this browser until they arrived, and come back if they did not. */
  leave(arrival: Promise<unknown>): void
}

/** What somebody has typed and not sent, kept in this browser under the session's name. */
export function useDraft(sessionId: string): Draft {
  const key = `draft.${sessionId}`
  const [text, setText] = useState('')
  const typed = useRef('')
  const onTheWay = useRef<readonly Left[]>([])
  /** Those that stand in the field again, as they were sent: one after the other. */
  const returned = useRef<readonly Left[]>([])

  function keep(): void {
    const all = joined(...onTheWay.current.map(({ words }) => words), typed.current)
    store(key, all === '' ? null : all)
  }

  function change(next: string): void {
    typed.current = next
    setText(next)
    keep()
  }

  /** Before what was typed since, and behind what was sent earlier and came back too. */
  function takeBack(left: Left): void {
    const earlier = joined(...returned.current.filter(({ at }) => at < left.at).map(({ words }) => words))
    const end = typed.current.startsWith(earlier) ? earlier.length : 0
    change(joined(typed.current.slice(0, end), left.words, typed.current.slice(end).replace(/^\n\n/, '')))
    returned.current = [...returned.current, left].toSorted((one, other) => one.at - other.at)
  }

  // Before anybody sees the field: what they type into an empty one would be replaced.
  useLayoutEffect(() => {
    typed.current = readStored(key) ?? ''
    onTheWay.current = []
    returned.current = []
    setText(typed.current)
  }, [key])

  return {
    text,
    change,
    leave(arrival) {
      const left = { at: performance.now(), words: typed.current }
      const forget = (): void => void (onTheWay.current = onTheWay.current.filter((other) => other !== left))
      onTheWay.current = [...onTheWay.current, left]
      returned.current = []
      change('')
      arrival.then(
        () => {
          forget()
          keep()
        },
        () => {
          forget()
          takeBack(left)
        },
      )
    },
  }
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part.trim() !== '').join('\n\n')
}

'use client'

import { useLayoutEffect, useRef, useState } from 'react'
import { readStored, store } from '../../stored/local.ts'

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
  const onTheWay = useRef<readonly { words: string }[]>([])

  function keep(): void {
    const all = joined(...onTheWay.current.map(({ words }) => words), typed.current)
    store(key, all === '' ? null : all)
  }

  function change(next: string): void {
    typed.current = next
    setText(next)
    keep()
  }

  // Before anybody sees the field: what they type into an empty one would be replaced.
  useLayoutEffect(() => {
    typed.current = readStored(key) ?? ''
    onTheWay.current = []
    setText(typed.current)
  }, [key])

  return {
    text,
    change,
    leave(arrival) {
      const left = { words: typed.current }
      const forget = (): void => void (onTheWay.current = onTheWay.current.filter((other) => other !== left))
      onTheWay.current = [...onTheWay.current, left]
      change('')
      arrival.then(
        () => {
          forget()
          keep()
        },
        () => {
          forget()
          change(joined(left.words, typed.current))
        },
      )
    },
  }
}

function joined(...parts: string[]): string {
  return parts.filter((part) => part.trim() !== '').join('\n\n')
}

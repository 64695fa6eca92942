'use client'

import { useLayoutEffect, useState } from 'react'
import { readStored, store } from '../../stored/local.ts'

/** What somebody has typed and not sent, kept in this browser under the session's name. */
export function useDraft(sessionId: string): [string, (text: string) => void] {
  const key = `draft.${sessionId}`
  const [text, setText] = useState('')
  // Before anybody sees the field: what they type into an empty one would be replaced.
  useLayoutEffect(() => setText(readStored(key) ?? ''), [key])
  return [
    text,
    (next) => {
      setText(next)
      store(key, next === '' ? null : next)
    },
  ]
}

'use client'

import { useState } from 'react'
import { useSessionStore } from '../session-hooks.ts'

/** What was folded or unfolded by hand; rows leave the page when they scroll away and must come back the same. */
const chosen = new Map<string, boolean>()

/** Whether a part of a row is unfolded, and how to turn it. */
export function useUnfolded(key: string, initial = false): [boolean, () => void] {
  const { sessionId } = useSessionStore()
  const name = `${sessionId} ${key}`
  const [isUnfolded, setUnfolded] = useState(() => chosen.get(name) ?? initial)
  const turn = (): void => {
    chosen.set(name, !isUnfolded)
    setUnfolded(!isUnfolded)
  }
  return [isUnfolded, turn]
}

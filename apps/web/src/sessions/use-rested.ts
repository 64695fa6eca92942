import { useDeferredValue, useEffect, useState } from 'react'

const PAUSE_MS = 180

/** What was typed, once it has rested, so that not every key asks the server. */
export function useRested(typed: string): string {
  const [rested, setRested] = useState(typed)
  useEffect(() => {
    const timer = setTimeout(() => setRested(typed), typed === '' ? 0 : PAUSE_MS)
    return () => clearTimeout(timer)
  }, [typed])
  return useDeferredValue(rested)
}

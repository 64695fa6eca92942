import { createContext, use } from 'react'

/** Whether the left panel has taken the room of the right one, and the way there and back. */
interface Widening {
  isWide: boolean
  turn(): void
}

export const WideningContext = createContext<Widening | null>(null)

/** null where the parts of the session are tabs, each as wide as the page. */
export function useWidening(): Widening | null {
  return use(WideningContext)
}

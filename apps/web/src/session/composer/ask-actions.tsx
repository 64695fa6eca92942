import type { ReactNode } from 'react'

/** What can be answered; it stays in sight while a long question scrolls behind it. */
export function AskActions({ children }: { children: ReactNode }) {
  return (
    <div className="sticky -bottom-2.5 -mx-3 mt-2 -mb-2.5 flex flex-wrap items-end justify-end gap-2 bg-surface px-3 pt-1 pb-2.5">
      {children}
    </div>
  )
}

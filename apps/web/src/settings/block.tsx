import type { ReactNode } from 'react'

/** One group of settings with a heading of its own. */
export function Block({ title, note, action, children }: { title: string; note?: ReactNode; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="mb-8">
      <div className="mb-2 flex flex-wrap items-end gap-x-3 gap-y-2">
        <div className={`min-w-0 flex-1 ${note === undefined ? 'basis-20' : 'basis-56'}`}>
          <h3 className="text-sm font-medium">{title}</h3>
          {note !== undefined && <p className="mt-0.5 text-xs text-muted">{note}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

/** Rows in a frame. */
export function Rows({ children }: { children: ReactNode }) {
  return <div className="divide-y divide-separator rounded-lg border border-border bg-surface">{children}</div>
}

/** What is here, and at its right end what can be done with it. */
export function Row({ title, note, children }: { title: ReactNode; note?: ReactNode; children?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-3 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <div className="text-sm break-words">{title}</div>
        {note !== undefined && <div className="mt-0.5 text-xs break-words text-muted">{note}</div>}
      </div>
      <div className="flex max-w-full min-w-0 flex-wrap items-center gap-2 empty:hidden">{children}</div>
    </div>
  )
}

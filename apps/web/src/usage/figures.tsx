import type { ReactNode } from 'react'

interface Figure {
  name: string
  value: ReactNode
  note?: ReactNode
}

/** A row of figures with their names. */
export function Figures({ figures, className = '' }: { figures: readonly Figure[]; className?: string }) {
  return (
    <dl className={`grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-border bg-separator sm:flex ${className}`}>
      {figures.map(({ name, value, note }) => (
        <div key={name} className="min-w-0 flex-1 bg-surface px-3 py-2.5 last:odd:col-span-2">
          <dt className="text-xs text-muted">{name}</dt>
          <dd className="mt-0.5 text-lg font-medium break-words tabular-nums">
            {value}
            {note !== undefined && <span className="block text-xs font-normal text-muted">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A grey bar where text will be; hidden from screen readers, which hear `Loading` instead. */
export function SkeletonBar({ className = 'h-3 w-40' }: { className?: string }) {
  return <div aria-hidden className={`animate-pulse rounded bg-default ${className}`} />
}

/** Rows of a list that is on its way. `label` says what is awaited. */
export function SkeletonRows({ rows = 6, label }: { rows?: number; label: string }) {
  return (
    <div role="status" className="divide-y divide-separator">
      <span className="sr-only">Loading {label}</span>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-3 px-3 py-3">
          <SkeletonBar className="size-4 rounded-full" />
          <SkeletonBar className={`h-3 ${WIDTHS[row % WIDTHS.length]}`} />
          <SkeletonBar className="ml-auto h-3 w-14" />
        </div>
      ))}
    </div>
  )
}

const WIDTHS = ['w-3/5', 'w-2/5', 'w-1/2', 'w-1/3']

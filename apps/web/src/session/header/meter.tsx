interface MeterProps {
  name: string
  value: string
  /** 0 to 1; null: there is no limit to compare with. */
  share: number | null
  title: string
}

/** A figure with how close it is to its limit. */
export function Meter({ name, value, share, title }: MeterProps) {
  const percent = share === null ? 0 : Math.min(100, Math.max(0, share * 100))
  const colour = percent >= 95 ? 'bg-danger' : percent >= 75 ? 'bg-warning' : 'bg-border-strong'
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-xs text-muted" title={title}>
      <span className="sr-only">{name}: </span>
      <span className="tabular-nums text-foreground">{value}</span>
      {share !== null && (
        <span
          role="meter"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(percent)}
          className="h-1 w-10 overflow-hidden rounded-full bg-default"
        >
          <span className={`block h-full ${colour}`} style={{ width: `${percent}%` }} />
        </span>
      )}
    </span>
  )
}

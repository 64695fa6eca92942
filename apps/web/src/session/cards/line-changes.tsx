/** Added and removed lines. */
export function LineChanges({ added, removed }: { added: number; removed: number }) {
  return (
    <span className="font-mono tabular-nums">
      <span className="text-success-text">+{added}</span> <span className="text-danger-text">−{removed}</span>
      <span className="sr-only"> lines</span>
    </span>
  )
}

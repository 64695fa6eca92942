import type { FileStatus } from './tree-rows.ts'

const LOOK: Record<FileStatus, { letter: string; name: string; className: string }> = {
  added: { letter: 'A', name: 'added', className: 'text-success-text' },
  changed: { letter: 'M', name: 'changed', className: 'text-warning-text' },
  renamed: { letter: 'R', name: 'renamed', className: 'text-accent-text' },
  removed: { letter: 'D', name: 'removed', className: 'text-danger-text' },
}

/** What happened to a file since the base, as one letter with its name for those who do not see it. */
export function FileStatusMark({ status }: { status: FileStatus }) {
  const { letter, name, className } = LOOK[status]
  return (
    <span title={name} className={`w-3 shrink-0 text-center font-mono text-xs ${className}`}>
      <span aria-hidden>{letter}</span>
      <span className="sr-only">{name}</span>
    </span>
  )
}

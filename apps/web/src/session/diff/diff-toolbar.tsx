'use client'

import type { SessionEvent } from '@slipway/core/events'
import { Columns2, Rows2 } from 'lucide-react'
import { plural } from '../../format/count.ts'
import { LineChanges } from '../cards/line-changes.tsx'
import type { FileChange, TreeAt } from '../files/use-work-tree.ts'
import { selectClass } from '../files/select-class.ts'
import { marksOf, type Mark, type Range, type Scope } from './diff-range.ts'

interface ToolbarProps {
  scope: Scope
  onScope(scope: Scope): void
  chosen: Range
  onChosen(range: Range): void
  events: readonly SessionEvent[]
  isSplit: boolean
  canSplit: boolean
  onSplit(isSplit: boolean): void
  files: readonly FileChange[]
}

const SCOPES: readonly { value: Scope; name: string }[] = [
  { value: 'all', name: 'Whole change' },
  { value: 'turn', name: 'Last turn' },
  { value: 'between', name: 'Between two points' },
]

/** Which diff, how it is laid out, and how much it is. */
export function DiffToolbar(props: ToolbarProps) {
  const { scope, onScope, chosen, onChosen, events, isSplit, canSplit, onSplit, files } = props
  const added = files.reduce((sum, file) => sum + file.added, 0)
  const removed = files.reduce((sum, file) => sum + file.removed, 0)
  const Icon = isSplit ? Rows2 : Columns2
  return (
    <div className="shrink-0 border-b border-separator">
      <div className="flex h-9 items-center gap-2 px-2">
        <select aria-label="Which change" className={selectClass} value={scope} onChange={(event) => onScope(event.target.value as Scope)}>
          {SCOPES.map(({ value, name }) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
        </select>
        <span className="min-w-0 flex-1 truncate text-xs text-muted">
          {files.length > 0 && (
            <>
              {plural(files.length, 'file')} <LineChanges added={added} removed={removed} />
            </>
          )}
        </span>
        <button
          type="button"
          disabled={!canSplit}
          aria-label={isSplit ? 'Show the versions in one column' : 'Show the versions side by side'}
          title={canSplit ? (isSplit ? 'One column' : 'Side by side') : 'Make the panel wider to see the versions side by side'}
          onClick={() => onSplit(!isSplit)}
          className="flex size-7 shrink-0 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground disabled:opacity-50"
        >
          <Icon aria-hidden className="size-4" />
        </button>
      </div>
      {scope === 'between' && (
        <div className="flex items-center gap-2 px-2 pb-2 text-xs text-muted">
          <MarkSelect label="From" marks={marksOf(events)} value={chosen.from} onChange={(from) => onChosen({ ...chosen, from })} />
          <span aria-hidden>→</span>
          <MarkSelect label="To" marks={marksOf(events)} value={chosen.to} onChange={(to) => onChosen({ ...chosen, to })} />
        </div>
      )}
    </div>
  )
}

interface MarkSelectProps {
  label: string
  marks: readonly Mark[]
  value: TreeAt
  onChange(value: TreeAt): void
}

function MarkSelect({ label, marks, value, onChange }: MarkSelectProps) {
  return (
    <select
      aria-label={label}
      className={`${selectClass} flex-1`}
      value={String(value)}
      onChange={(event) => onChange(marks.find((mark) => String(mark.value) === event.target.value)?.value ?? 'now')}
    >
      {marks.map((mark) => (
        <option key={mark.value} value={String(mark.value)}>
          {mark.name}
        </option>
      ))}
    </select>
  )
}

'use client'

import { ChevronRight, File, Folder, FolderOpen } from 'lucide-react'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { LineChanges } from '../cards/line-changes.tsx'
import { FileStatusMark } from './file-status.tsx'
import type { TreeRow } from './tree-rows.ts'
import { ListBody } from '../../controls/list-body.tsx'

interface FileTreeProps {
  rows: readonly TreeRow[]
  openedPath: string | null
  onToggle(path: string): void
  onOpen(path: string): void
}

const ROW_PX = 26

/** One stop for the tab key; arrow keys, Home, End and Enter inside. Only the rows that are seen exist. */
export function FileTree({ rows, openedPath, onToggle, onOpen }: FileTreeProps) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const [activePath, setActivePath] = useState<string | null>(openedPath)
  const found = rows.findIndex(({ path }) => path === activePath)
  const active = found === -1 ? 0 : found
  useEffect(() => {
    if (openedPath !== null) setActivePath(openedPath)
  }, [openedPath])

  function moveTo(index: number): void {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))]
    if (row === undefined) return
    setActivePath(row.path)
    list.current?.scrollToIndex(rows.indexOf(row), { align: 'nearest' })
  }

  function act(row: TreeRow): void {
    setActivePath(row.path)
    if (row.kind === 'folder') onToggle(row.path)
    else onOpen(row.path)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[active]
    if (row === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW_PX) / ROW_PX) - 1)
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(active + 1),
      ArrowUp: () => moveTo(active - 1),
      PageDown: () => moveTo(active + page),
      PageUp: () => moveTo(active - page),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      Enter: () => act(row),
      ' ': () => act(row),
      ArrowRight: () => (row.kind === 'folder' && !row.isOpen ? onToggle(row.path) : moveTo(active + 1)),
      ArrowLeft: () =>
        row.kind === 'folder' && row.isOpen
          ? onToggle(row.path)
          : moveTo(rows.findLastIndex(({ depth }, index) => index < active && depth < row.depth)),
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    step()
  }

  return (
    <div
      ref={scroller}
      role="tree"
      aria-label="Files of the work tree"
      tabIndex={0}
      aria-activedescendant={rows.length > 0 ? `${id}-${active}` : undefined}
      onKeyDown={onKeyDown}
      className="group/tree min-h-0 flex-1 overflow-y-auto py-1 outline-offset-[-2px]"
    >
      <Virtualizer ref={list} as={ListBody} data={rows} itemSize={ROW_PX} keepMounted={[active]}>
        {(row, index) => (
          <Row
            key={row.path}
            id={`${id}-${index}`}
            row={row}
            isActive={index === active}
            isOpened={row.path === openedPath}
            onAct={() => act(row)}
          />
        )}
      </Virtualizer>
    </div>
  )
}

interface RowProps {
  id: string
  row: TreeRow
  isActive: boolean
  isOpened: boolean
  onAct(): void
}

function Row({ id, row, isActive, isOpened, onAct }: RowProps) {
  const isFolder = row.kind === 'folder'
  const Icon = isFolder ? (row.isOpen ? FolderOpen : Folder) : File
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.position}
      aria-setsize={row.siblings}
      aria-expanded={isFolder ? row.isOpen : undefined}
      aria-selected={isOpened}
      data-active={isActive}
      title={row.path}
      onClick={onAct}
      style={{ paddingLeft: 8 + row.depth * 12, height: ROW_PX }}
      className="flex cursor-pointer items-center gap-1.5 pr-2 text-sm hover:bg-surface-secondary aria-selected:bg-accent-soft group-focus-visible/tree:data-[active=true]:shadow-[inset_0_0_0_1px_var(--focus)]"
    >
      <ChevronRight aria-hidden className={`size-3.5 shrink-0 text-muted ${isFolder ? (row.isOpen ? 'rotate-90' : '') : 'invisible'}`} />
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" strokeWidth={1.75} />
      <span className={`min-w-0 flex-1 truncate ${row.status === 'removed' ? 'text-muted line-through' : ''}`}>{row.name}</span>
      {isFolder && row.changedInside > 0 && (
        <span className="shrink-0 text-2xs text-warning-text" title={`${row.changedInside} changed`}>
          {row.changedInside}
          <span className="sr-only"> changed</span>
        </span>
      )}
      {row.lines !== null && row.lines.added + row.lines.removed > 0 && (
        <span className="shrink-0 text-2xs">
          <LineChanges {...row.lines} />
        </span>
      )}
      {row.status !== null && <FileStatusMark status={row.status} />}
    </div>
  )
}

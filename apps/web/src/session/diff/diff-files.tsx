'use client'

import { ArrowDown, ArrowUp, ChevronRight, FoldVertical, UnfoldVertical } from 'lucide-react'
import { memo, useCallback, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import type { LineComment } from '../comments-store.ts'
import { LineChanges } from '../cards/line-changes.tsx'
import { FileStatusMark } from '../files/file-status.tsx'
import type { FileChange } from '../files/use-work-tree.ts'
import { useComments } from '../session-hooks.ts'
import { FileBody } from './file-body.tsx'
import { ListBody } from '../../controls/list-body.tsx'

interface DiffFilesProps {
  list: RefObject<VirtualizerHandle | null>
  files: readonly FileChange[]
  isSplit: boolean
}

/** More changed lines than these begin folded. */
const LARGE_LINES = 1_500
const NO_COMMENTS: readonly LineComment[] = []

/** The files one below the other; only those that are seen exist. `n` and `p` go to the next and the previous one. */
export function DiffFiles({ list, files, isSplit }: DiffFilesProps) {
  const scroller = useRef<HTMLDivElement>(null)
  // Turned by hand, against how it would be by itself.
  const [turned, setTurned] = useState<ReadonlySet<string>>(new Set())
  const comments = useComments()
  const byPath = useMemo(() => Map.groupBy(comments, ({ path }) => path), [comments])
  const isFolded = (file: FileChange): boolean => isLarge(file) !== turned.has(file.path)

  const turn = useCallback((path: string) => {
    setTurned((before) => {
      const after = new Set(before)
      if (!after.delete(path)) after.add(path)
      return after
    })
  }, [])

  function go(step: 1 | -1): void {
    const handle = list.current
    if (handle === null) return
    const at = handle.findItemIndex(handle.scrollOffset + 1)
    const isInside = handle.scrollOffset > handle.getItemOffset(at) + 1
    const next = Math.max(0, Math.min(files.length - 1, step === -1 && isInside ? at : at + step))
    handle.scrollToIndex(next, { align: 'start' })
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-file="${next}"]`)?.focus({ preventScroll: true }))
  }

  function onKeyDown(event: KeyboardEvent): void {
    const isTyping = (event.target as HTMLElement).matches('input, textarea, select')
    if (isTyping || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key !== 'n' && event.key !== 'p') return
    event.preventDefault()
    go(event.key === 'n' ? 1 : -1)
  }

  const areAllFolded = files.every(isFolded)
  return (
    <>
      <div className="flex h-8 shrink-0 items-center gap-1 border-b border-separator px-2">
        <select
          aria-label="Go to a file"
          value=""
          onChange={(event) => list.current?.scrollToIndex(Number(event.target.value), { align: 'start' })}
          className="h-6 min-w-0 flex-1 truncate rounded bg-transparent text-xs text-muted hover:text-foreground"
        >
          <option value="" disabled>
            Go to a file
          </option>
          {files.map((file, index) => (
            <option key={file.path} value={index}>
              {file.path} (+{file.added} −{file.removed})
            </option>
          ))}
        </select>
        <IconButton label="Previous file (p)" icon={ArrowUp} onClick={() => go(-1)} />
        <IconButton label="Next file (n)" icon={ArrowDown} onClick={() => go(1)} />
        <IconButton
          label={areAllFolded ? 'Unfold all files' : 'Fold all files'}
          icon={areAllFolded ? UnfoldVertical : FoldVertical}
          onClick={() => setTurned(new Set(files.filter((file) => isLarge(file) === areAllFolded).map(({ path }) => path)))}
        />
      </div>
      <div
        ref={scroller}
        role="group"
        aria-label="Changed files"
        onKeyDown={onKeyDown}
        className="min-h-0 flex-1 overflow-y-auto [overflow-anchor:none]"
      >
        <Virtualizer ref={list} as={ListBody} data={files} bufferSize={600}>
          {(file, index) => (
            <OneFile
              key={file.path}
              index={index}
              file={file}
              isFolded={isFolded(file)}
              isSplit={isSplit}
              comments={byPath.get(file.path) ?? NO_COMMENTS}
              onTurn={turn}
            />
          )}
        </Virtualizer>
      </div>
    </>
  )
}

interface OneFileProps {
  index: number
  file: FileChange
  isFolded: boolean
  isSplit: boolean
  comments: readonly LineComment[]
  onTurn(path: string): void
}

const OneFile = memo(function OneFile({ index, file, isFolded, isSplit, comments, onTurn }: OneFileProps) {
  const where = file.oldPath === null ? file.path : `${file.oldPath} → ${file.path}`
  return (
    <section aria-label={file.path} className="border-b border-separator">
      <button
        type="button"
        data-file={index}
        aria-expanded={!isFolded}
        onClick={() => onTurn(file.path)}
        title={where}
        className="sticky top-0 z-10 flex h-8 w-full items-center gap-1.5 bg-surface-secondary px-2 text-left text-xs outline-offset-[-2px] hover:bg-surface-tertiary"
      >
        <ChevronRight aria-hidden className={`size-3.5 shrink-0 text-muted ${isFolded ? '' : 'rotate-90'}`} />
        <FileStatusMark status={file.status} />
        <span className="min-w-0 flex-1 truncate text-left font-mono [direction:rtl]">
          <bdi>{where}</bdi>
        </span>
        {comments.length > 0 && (
          <span className="shrink-0 rounded bg-accent-soft px-1 text-2xs text-accent-text">{comments.length} commented</span>
        )}
        <span className="shrink-0 text-2xs">
          <LineChanges added={file.added} removed={file.removed} />
        </span>
      </button>
      {!isFolded && <FileBody file={file} isSplit={isSplit} comments={comments} />}
    </section>
  )
}, isSameFile)

/** Changes are fetched anew after each step; a file that stayed as it was is not drawn again. */
function isSameFile(a: OneFileProps, b: OneFileProps): boolean {
  return (
    a.index === b.index &&
    a.isFolded === b.isFolded &&
    a.isSplit === b.isSplit &&
    a.onTurn === b.onTurn &&
    a.file.path === b.file.path &&
    a.file.oldPath === b.file.oldPath &&
    a.file.status === b.file.status &&
    a.file.isBinary === b.file.isBinary &&
    a.file.patch === b.file.patch &&
    isSameList(a.comments, b.comments)
  )
}

function isSameList(a: readonly LineComment[], b: readonly LineComment[]): boolean {
  return a.length === b.length && a.every((comment, index) => comment === b[index])
}

function isLarge({ added, removed }: FileChange): boolean {
  return added + removed > LARGE_LINES
}

interface IconButtonProps {
  label: string
  icon: typeof ArrowUp
  onClick(): void
}

function IconButton({ label, icon: Icon, onClick }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground"
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  )
}

'use client'

import { FileDiff, FolderTree, ListFilter } from 'lucide-react'
import { useMemo, useState } from 'react'
import { plural } from '../../format/count.ts'
import { EmptyState } from '../../states/empty-state.tsx'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { useSessionAccess } from '../session-hooks.ts'
import { FileTree } from './file-tree.tsx'
import { FileView } from './file-view.tsx'
import { openFile, useOpenedFile } from './opened-file.ts'
import { useTreeMoment } from './tree-moment.ts'
import { nestFiles, toggled, treeRows } from './tree-rows.ts'
import { useChanges, useWorkTree } from './use-work-tree.ts'

/** The files of the sandbox at the moment that the page shows, and the one that is open. */
export function FilesPanel() {
  const { shareToken } = useSessionAccess()
  const opened = useOpenedFile()
  const at = useTreeMoment()
  if (shareToken !== null)
    return (
      <EmptyState icon={FolderTree} title="Files stay with their owner">
        A shared link shows the conversation, not the work tree.
      </EmptyState>
    )
  return (
    <div className="@container flex h-full min-h-0">
      <div
        className={`h-full min-h-0 min-w-0 flex-col @2xl:flex @2xl:w-64 @2xl:shrink-0 @2xl:border-r @2xl:border-separator ${opened === null ? 'flex w-full @2xl:w-full' : 'hidden'}`}
      >
        <TreeSide at={at} openedPath={opened?.path ?? null} />
      </div>
      {opened !== null && (
        <div className="h-full min-h-0 min-w-0 flex-1">
          <FileView key={opened.path} opened={opened} at={at} />
        </div>
      )}
    </div>
  )
}

function TreeSide({ at, openedPath }: { at: 'now' | number; openedPath: string | null }) {
  const tree = useWorkTree(at)
  const changes = useChanges('base', at).data?.files
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set())
  const [filter, setFilter] = useState('')
  const [onlyChanged, setOnlyChanged] = useState(false)
  const files = tree.data
  const root = useMemo(() => (files === undefined ? null : nestFiles(files, changes ?? [])), [files, changes])
  const choice = { open, filter, onlyChanged }
  const rows = useMemo(() => (root === null ? [] : treeRows(root, { open, filter, onlyChanged })), [root, open, filter, onlyChanged])

  if (tree.isError && files === undefined) return <ErrorState error={tree.error} onRetry={() => void tree.refetch()} />
  if (files === undefined || root === null) return <SkeletonRows rows={8} label="the files" />
  if (files.total === 0 && files.removed.length === 0)
    return (
      <EmptyState icon={FolderTree} title="No files yet">
        {files.seq === 0 ? 'They appear once the repository has been fetched.' : 'The work tree is empty.'}
      </EmptyState>
    )
  return (
    <>
      <div className="flex h-9 shrink-0 items-center gap-1 border-b border-separator px-2">
        <label className="flex min-w-0 flex-1 items-center gap-1.5">
          <ListFilter aria-hidden className="size-3.5 shrink-0 text-muted" />
          <span className="sr-only">Filter files</span>
          <input
            type="search"
            value={filter}
            placeholder={`Filter ${plural(files.total, 'file')}`}
            onChange={(event) => setFilter(event.target.value)}
            className="h-7 w-full min-w-0 rounded bg-transparent px-1 text-sm placeholder:text-field-placeholder"
          />
        </label>
        <button
          type="button"
          aria-pressed={onlyChanged}
          title="Show only what differs from the base"
          onClick={() => setOnlyChanged(!onlyChanged)}
          className="flex h-6 shrink-0 items-center gap-1 rounded px-1.5 text-xs text-muted hover:bg-default hover:text-foreground aria-pressed:bg-accent-soft aria-pressed:text-accent-text"
        >
          <FileDiff aria-hidden className="size-3.5" />
          Only changed
          <span className="tabular-nums">{root.changedInside}</span>
        </button>
      </div>
      {rows.length === 0 ? (
        <EmptyState icon={ListFilter} title={filter.trim() === '' ? 'Nothing has changed' : 'No file matches'}>
          {filter.trim() === ''
            ? 'At this moment the work tree is as the session found it.'
            : 'Every word must occur somewhere in the path. Take one away to see more.'}
        </EmptyState>
      ) : (
        <FileTree
          rows={rows}
          openedPath={openedPath}
          onToggle={(path) => setOpen(toggled(choice, path))}
          onOpen={(path) => openFile({ path, line: null })}
        />
      )}
    </>
  )
}

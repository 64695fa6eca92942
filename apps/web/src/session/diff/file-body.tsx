'use client'

import type { DiffLineAnnotation, FileDiffMetadata, FileDiffOptions, SelectedLineRange } from '@pierre/diffs'
import { getFiletypeFromFileName, processFile } from '@pierre/diffs'
import { FileDiff } from '@pierre/diffs/react'
import { useTheme } from 'next-themes'
import { useCallback, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import type { LineComment } from '../comments-store.ts'
import { commentsOf } from '../comments-store.ts'
import type { FileChange } from '../files/use-work-tree.ts'
import { useSessionAccess } from '../session-hooks.ts'
import { CommentBox, CommentNote } from './comment-box.tsx'
import { diffThemes } from './diff-themes.ts'
import { bundledLanguages } from './languages.ts'
import { patchLines, sayLine, type Side } from './patch-lines.ts'

interface FileBodyProps {
  file: FileChange
  isSplit: boolean
  comments: readonly LineComment[]
}

interface Place {
  side: Side
  line: number
}

/** Between the lines: a comment or, with null, the box in which one is written. */
interface Note {
  place: Place
  comment: LineComment | null
}

/** Contents of a file's diff, or why there are none. */
export function FileBody({ file, isSplit, comments }: FileBodyProps) {
  if (file.isBinary) return <Sentence>A binary file: it is {file.status}, and has no lines to show.</Sentence>
  if (file.patch === null) return <Sentence>Too large to be shown here. The Files tab has it as it is now.</Sentence>
  const diff = file.patch.includes('\n@@')
  if (!diff)
    return (
      <Sentence>
        {file.status === 'renamed' ? 'Renamed; its contents are the same.' : 'No line changed: only its mode did, or it is empty.'}
      </Sentence>
    )
  return <PatchBody path={file.path} patch={file.patch} isSplit={isSplit} comments={comments} />
}

function Sentence({ children }: { children: React.ReactNode }) {
  return <p className="px-3 py-3 text-xs text-muted">{children}</p>
}

function PatchBody({
  path,
  patch,
  isSplit,
  comments,
}: {
  path: string
  patch: string
  isSplit: boolean
  comments: readonly LineComment[]
}) {
  const { store, may } = useSessionAccess()
  const { resolvedTheme } = useTheme()
  const place = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => patchLines(patch), [patch])
  const fileDiff = useMemo(() => withKnownLanguage(processFile(patch, { isGitDiff: false })), [patch])
  const [cursor, setCursor] = useState<number | null>(null)
  const collected = commentsOf(store.sessionId)
  const [draftAt, setDraftAt] = useState<Place | null>(() => collected.draftOf(path))
  const canComment = may === 'act'

  const begin = useCallback((at: Place) => canComment && setDraftAt({ line: at.line, side: at.side }), [canComment])
  const options = useMemo(
    (): FileDiffOptions<Note, undefined> => ({
      ...LOOK,
      themeType: resolvedTheme === 'dark' ? 'dark' : 'light',
      diffStyle: isSplit ? 'split' : 'unified',
      enableGutterUtility: canComment,
      onGutterUtilityClick: (range) => begin(placeOf(range)),
      onLineNumberClick: ({ lineNumber, annotationSide }) =>
        begin({ line: lineNumber, side: annotationSide === 'deletions' ? 'old' : 'new' }),
    }),
    [resolvedTheme, isSplit, canComment, begin],
  )
  const annotations = useMemo((): DiffLineAnnotation<Note>[] => {
    const notes: Note[] = comments.map((comment) => ({ place: comment, comment }))
    if (draftAt !== null) notes.push({ place: draftAt, comment: null })
    return notes.map((note) => ({
      side: note.place.side === 'old' ? 'deletions' : 'additions',
      lineNumber: note.place.line,
      metadata: note,
    }))
  }, [comments, draftAt])
  const current = cursor === null ? undefined : lines[cursor]
  const selected = useMemo((): SelectedLineRange | null => {
    if (current === undefined) return null
    const side = current.side === 'old' ? 'deletions' : 'additions'
    return { start: current.line, end: current.line, side, endSide: side }
  }, [current])

  function moveTo(index: number): void {
    const next = Math.max(0, Math.min(lines.length - 1, index))
    setCursor(next)
    const line = lines[next]
    if (line === undefined) return
    const type = line.kind === 'removed' ? 'change-deletion' : line.kind === 'added' ? 'change-addition' : 'context'
    const root = place.current?.querySelector('diffs-container')?.shadowRoot
    root?.querySelector(`[data-line="${line.line}"][data-line-type="${type}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.altKey || event.ctrlKey || event.metaKey) return
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo((cursor ?? -1) + 1),
      j: () => moveTo((cursor ?? -1) + 1),
      ArrowUp: () => moveTo((cursor ?? lines.length) - 1),
      k: () => moveTo((cursor ?? lines.length) - 1),
      Home: () => moveTo(0),
      End: () => moveTo(lines.length - 1),
      Enter: () => current !== undefined && begin(current),
      c: () => current !== undefined && begin(current),
      Escape: () => setCursor(null),
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    step()
  }

  function close(): void {
    collected.keepDraft(path, null)
    setDraftAt(null)
    place.current?.focus({ preventScroll: true })
  }

  if (fileDiff === undefined) return <pre className="overflow-x-auto p-3 font-mono text-xs">{patch}</pre>
  return (
    <div
      ref={place}
      role="group"
      tabIndex={0}
      aria-label={`Lines of ${path}. Arrow keys move through them${canComment ? ', Enter comments on one' : ''}.`}
      onKeyDown={onKeyDown}
      className="outline-offset-[-2px]"
    >
      <FileDiff<Note>
        fileDiff={fileDiff}
        options={options}
        lineAnnotations={annotations}
        selectedLines={selected}
        disableWorkerPool
        style={FONT}
        renderAnnotation={({ metadata: { place: at, comment } }) =>
          comment !== null ? (
            <CommentNote comment={comment} onRemove={canComment ? () => collected.remove(comment.id) : null} />
          ) : (
            <CommentBox
              label={`Comment on ${path}, line ${at.line}`}
              draft={collected.draftOf(path)?.text ?? ''}
              onDraft={(text) => collected.keepDraft(path, { ...at, text })}
              onCancel={close}
              onAdd={(text) => {
                collected.add({ path, line: at.line, side: at.side, text })
                close()
              }}
            />
          )
        }
      />
      <p aria-live="polite" className="sr-only">
        {current !== undefined && sayLine(current)}
      </p>
    </div>
  )
}

/** A language that is not brought along is shown as plain text. */
function withKnownLanguage(file: FileDiffMetadata | undefined): FileDiffMetadata | undefined {
  if (file === undefined || getFiletypeFromFileName(file.name) in bundledLanguages) return file
  return { ...file, lang: 'text' }
}

function placeOf({ start, side }: SelectedLineRange): Place {
  return { line: start, side: side === 'deletions' ? 'old' : 'new' }
}

const FONT = {
  '--diffs-font-family': 'var(--font-mono)',
  '--diffs-font-size': '12px',
  '--diffs-line-height': '18px',
  '--diffs-light-bg': 'var(--surface)',
  '--diffs-dark-bg': 'var(--surface)',
} as React.CSSProperties

/** The highlighter without WebAssembly: the page's policy allows none. */
const LOOK = {
  theme: diffThemes,
  preferredHighlighter: 'shiki-js',
  disableFileHeader: true,
  overflow: 'scroll',
  diffIndicators: 'classic',
  hunkSeparators: 'line-info',
  lineHoverHighlight: 'number',
  tokenizeMaxLineLength: 1_000,
  tokenizeMaxLength: 400_000,
} as const

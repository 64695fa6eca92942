'use client'

import { ArrowLeft, FileQuestion, FileX, Link2, Weight } from 'lucide-react'
import dynamic from 'next/dynamic'
import { ApiProblem } from '../../api/problem.ts'
import { formatCount } from '../../format/count.ts'
import { EmptyState } from '../../states/empty-state.tsx'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { CopyButton } from '../conversation/copy-button.tsx'
import { addressOf, openFile, type OpenedFile } from './opened-file.ts'
import { useFile, type WorkFile } from './use-work-tree.ts'

const CodeView = dynamic(async () => (await import('./code-view.tsx')).CodeView, {
  ssr: false,
  loading: () => <SkeletonRows rows={8} label="the editor" />,
})

/** One file, read-only. */
export function FileView({ opened, at }: { opened: OpenedFile; at: 'now' | number }) {
  const file = useFile(opened.path, at)
  return (
    <section aria-label={opened.path} className="flex h-full min-h-0 flex-col">
      <header className="flex h-9 shrink-0 items-center gap-1 border-b border-separator px-2">
        <button
          type="button"
          aria-label="Back to the files"
          title="Back to the files"
          onClick={() => openFile(null)}
          className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground"
        >
          <ArrowLeft aria-hidden className="size-3.5" />
        </button>
        {/* The end of a long path says more than its beginning. */}
        <h3 className="min-w-0 flex-1 truncate text-left font-mono text-xs [direction:rtl]" title={opened.path}>
          <bdi>{opened.path}</bdi>
        </h3>
        {opened.line !== null && <span className="shrink-0 text-2xs text-muted">line {opened.line}</span>}
        <CopyButton text={opened.path} label="Copy the path" />
        <button
          type="button"
          aria-label="Copy a link to this place"
          title="Copy a link to this place"
          onClick={() =>
            void navigator.clipboard.writeText(addressOf(opened)).then(() => toasts.add({ text: 'The link is in the clipboard' }))
          }
          className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground"
        >
          <Link2 aria-hidden className="size-3.5" />
        </button>
      </header>
      <div className="min-h-0 flex-1">
        {file.data !== undefined ? (
          <Content file={file.data} line={opened.line} />
        ) : file.isError ? (
          <NotShown error={file.error} onRetry={() => void file.refetch()} />
        ) : (
          <SkeletonRows rows={8} label={opened.path} />
        )}
      </div>
    </section>
  )
}

function Content({ file, line }: { file: WorkFile; line: number | null }) {
  if (file.isBinary)
    return (
      <EmptyState icon={FileQuestion} title="A binary file">
        It has {formatCount(file.bytes)} bytes that are no text, so they are not shown.
      </EmptyState>
    )
  if (file.isTooLarge)
    return (
      <EmptyState icon={Weight} title="Too large to be shown">
        It has {formatCount(file.bytes)} bytes. Ask the agent about the part that you want to see, or look at it on the branch.
      </EmptyState>
    )
  if (file.text === '') return <EmptyState icon={FileQuestion} title="An empty file" />
  return <CodeView path={file.path} text={file.text} line={line} onLine={(next) => openFile({ path: file.path, line: next })} />
}

function NotShown({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  if (!(error instanceof ApiProblem) || error.status !== 404) return <ErrorState error={error} onRetry={onRetry} />
  return (
    <EmptyState icon={FileX} title="Not there at this moment">
      {error.message}
    </EmptyState>
  )
}

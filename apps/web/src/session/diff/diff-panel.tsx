'use client'

import { FileDiff } from 'lucide-react'
import { useRef, useState } from 'react'
import type { VirtualizerHandle } from 'virtua'
import { plural } from '../../format/count.ts'
import { EmptyState } from '../../states/empty-state.tsx'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { useTreeMoment } from '../files/tree-moment.ts'
import { useChanges } from '../files/use-work-tree.ts'
import { useWidening } from '../layout/widening.ts'
import { useEvents, useSessionAccess } from '../session-hooks.ts'
import { DiffFiles } from './diff-files.tsx'
import { rangeOf, type Range, type Scope } from './diff-range.ts'
import { DiffToolbar } from './diff-toolbar.tsx'
import { SIDE_BY_SIDE_PX } from './side-by-side.ts'
import { useWidth } from './use-width.ts'

/** What the agent changed, and comments on its lines that go with the next message. */
export function DiffPanel() {
  const { shareToken } = useSessionAccess()
  const events = useEvents()
  const at = useTreeMoment()
  const [scope, setScope] = useState<Scope>('all')
  const [chosen, setChosen] = useState<Range>({ from: 'base', to: 'now' })
  const [wantsSplit, setSplit] = useState(true)
  const panel = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const isRoomy = useWidth(panel) >= SIDE_BY_SIDE_PX
  const widening = useWidening()
  const { from, to } = rangeOf(events, scope, at, chosen)
  const changes = useChanges(from, to)
  const files = changes.data?.files ?? []

  if (shareToken !== null)
    return (
      <EmptyState icon={FileDiff} title="Changes stay with their owner">
        A shared link shows the conversation, not the work tree.
      </EmptyState>
    )
  return (
    <div ref={panel} className="flex h-full min-h-0 flex-col">
      <DiffToolbar
        scope={scope}
        onScope={setScope}
        chosen={chosen}
        onChosen={setChosen}
        events={events}
        isSplit={wantsSplit && isRoomy}
        canSplit={isRoomy || widening?.isWide === false}
        onSplit={(isSplit) => {
          setSplit(isSplit)
          if (isSplit && !isRoomy) widening?.turn()
        }}
        files={files}
      />
      {changes.data === undefined && changes.isError ? (
        <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />
      ) : changes.data === undefined ? (
        <SkeletonRows rows={6} label="the changes" />
      ) : files.length === 0 ? (
        <EmptyState icon={FileDiff} title={scope === 'turn' ? 'Nothing changed in this turn' : 'Nothing has changed'}>
          {scope === 'all' ? 'What the agent changes appears here after each step.' : 'Choose a wider range above.'}
        </EmptyState>
      ) : (
        <>
          {changes.isError && <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />}
          <DiffFiles list={list} files={files} isSplit={wantsSplit && isRoomy} />
          {changes.data.total > files.length && (
            <p className="shrink-0 border-t border-separator px-3 py-1.5 text-xs text-muted">
              {plural(changes.data.total - files.length, 'more file')} changed and are not listed: a diff shows at most {files.length}.
            </p>
          )}
        </>
      )}
    </div>
  )
}

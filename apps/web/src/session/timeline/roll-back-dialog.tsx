'use client'

import type { rollBackSession } from '@slipway/server/contract/session-routes'
import type { SessionEvent } from '@slipway/core/events'
import { useMutation } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { plural } from '../../format/count.ts'
import { ErrorLine, ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { LineChanges } from '../cards/line-changes.tsx'
import { FileStatusMark } from '../files/file-status.tsx'
import { useTreeMomentOf } from '../files/tree-moment.ts'
import { useChanges, type Changes } from '../files/use-work-tree.ts'
import { useMoment } from '../moment.ts'
import { useEvents, useSessionStore, type PageView } from '../session-hooks.ts'

/** Takes the work tree back, after showing what goes. */
export function RollBackDialog({ seq, view, onClose }: { seq: number; view: PageView; onClose: () => void }) {
  const store = useSessionStore()
  const events = useEvents()
  const { backToLive } = useMoment()
  const treeMomentOf = useTreeMomentOf()
  const lost = useChanges(treeMomentOf(seq), treeMomentOf('now'))
  const refusal = whyNot(view, events, seq)
  const rollBack = useMutation({
    mutationFn: () => call<typeof rollBackSession>('POST /sessions/:id/rollback', { params: { id: store.sessionId }, body: { seq } }),
    onSuccess() {
      toasts.add({ text: 'The work tree is as it was then. Say what should happen next.' })
      onClose()
      backToLive()
    },
  })
  return (
    <Dialog
      title="Roll back to here"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="danger"
            disabled={refusal !== null || lost.data === undefined || rollBack.isPending}
            onClick={() => rollBack.mutate()}
          >
            {rollBack.isPending ? 'Rolling back' : 'Roll back'}
          </Button>
        </>
      }
    >
      {refusal !== null ? (
        <p className="text-sm">{refusal}</p>
      ) : lost.data !== undefined ? (
        <Lost changes={lost.data} />
      ) : lost.isError ? (
        <ErrorState error={lost.error} onRetry={() => void lost.refetch()} />
      ) : (
        <SkeletonRows rows={3} label="what would be lost" />
      )}
      {rollBack.isError && (
        <div className="mt-3">
          <ErrorLine error={rollBack.error} />
        </div>
      )}
    </Dialog>
  )
}

const SHOWN_FILES = 200

function Lost({ changes }: { changes: Changes }) {
  const { files, total } = changes
  if (files.length === 0)
    return <p className="text-sm">No file would change: the work tree is the same as it was then. The agent is told all the same.</p>
  return (
    <>
      <p className="mb-2 text-sm">
        What was done to {plural(total, 'file')} since then is lost. Commits and what was pushed stay, and so does the conversation.
      </p>
      <ul aria-label="What would be lost" className="max-h-64 divide-y divide-separator overflow-y-auto rounded-md border border-border">
        {files.slice(0, SHOWN_FILES).map((file) => (
          <li key={file.path} className="flex h-7 items-center gap-2 px-2 text-xs">
            <FileStatusMark status={file.status} />
            <span className="min-w-0 flex-1 truncate font-mono" title={file.path}>
              {file.path}
            </span>
            <LineChanges added={file.added} removed={file.removed} />
          </li>
        ))}
      </ul>
      {total > SHOWN_FILES && <p className="mt-1 text-xs text-muted">and {plural(total - SHOWN_FILES, 'more file')}</p>}
    </>
  )
}

/** null: it can be done now. */
function whyNot(view: Pick<PageView, 'status'>, events: readonly SessionEvent[], seq: number): string | null {
  const { status } = view
  if (status === 'waiting') return 'The session waits for an answer. Answer or stop it, then roll the work tree back.'
  if (status !== 'done' && status !== 'parked') return 'The agent is at work in these files. Stop it, then roll the work tree back.'
  const hasUnknownPast = (events[0]?.seq ?? 1) > 1
  const hasCheckpoint = events.some(
    (event) =>
      event.seq <= seq &&
      (event.body.type === 'checkpoint-created' || event.body.type === 'checkpoint-restored' || event.body.type === 'session-forked'),
  )
  if (!hasCheckpoint && !hasUnknownPast) return 'There was no checkpoint yet at this step. Choose a later one, or start a new session.'
  return null
}

'use client'

import type { sessionOutput } from '@slipway/server/contract/file-routes'
import { useInfiniteQuery } from '@tanstack/react-query'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { formatCount } from '../../format/count.ts'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { CopyButton } from '../conversation/copy-button.tsx'
import { useSessionStore } from '../session-hooks.ts'
import { plainOutput } from './clean-output.ts'

/** All that a command printed, a part at a time. */
export function WholeOutput({ sha, command, onClose }: { sha: string; command: string; onClose: () => void }) {
  const { sessionId } = useSessionStore()
  const output = useInfiniteQuery({
    queryKey: ['session', sessionId, 'output', sha],
    queryFn: ({ pageParam, signal }) =>
      call<typeof sessionOutput>('GET /sessions/:id/outputs/:sha', {
        params: { id: sessionId, sha },
        query: { offset: pageParam },
        signal,
      }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    staleTime: Infinity,
  })
  const text = plainOutput((output.data?.pages ?? []).map((page) => page.text).join(''))
  const bytes = output.data?.pages[0]?.bytes ?? 0
  return (
    <Dialog title="Whole output" width="lg" onClose={onClose}>
      <div className="mb-2 flex items-start gap-2">
        <pre className="min-w-0 flex-1 font-mono text-xs break-words whitespace-pre-wrap text-muted">$ {command}</pre>
        {text !== '' && <CopyButton text={text} label="Copy what is shown" />}
      </div>
      {output.isPending ? (
        <SkeletonRows rows={5} label="the output" />
      ) : output.data === undefined ? (
        <ErrorState error={output.error} onRetry={() => void output.refetch()} />
      ) : (
        <>
          <pre tabIndex={0} className="max-h-[60dvh] overflow-auto rounded-md border border-border bg-terminal p-3 font-mono text-xs">
            {text === '' ? 'It printed nothing.' : text}
          </pre>
          {output.isError && <ErrorState error={output.error} onRetry={() => void output.fetchNextPage()} />}
          {output.hasNextPage && (
            <div className="mt-2 flex items-center gap-2 text-xs text-muted">
              <Button size="sm" disabled={output.isFetchingNextPage} onClick={() => void output.fetchNextPage()}>
                {output.isFetchingNextPage ? 'Loading' : 'Load more'}
              </Button>
              {formatCount(bytes)} bytes in all
            </div>
          )}
        </>
      )}
    </Dialog>
  )
}

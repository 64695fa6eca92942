'use client'

import { NotebookText } from 'lucide-react'
import { useQuery } from '@tanstack/react-query'
import type { sessionNotionPage } from '@slipway/server/contract/notion-routes'
import { call } from '../../api/client.ts'
import { formatMoment } from '../../format/date.ts'
import { OutsideLink } from '../conversation/outside-link.tsx'
import { safeUrl } from '../conversation/safe-url.ts'
import { seqsOf } from '../seqs-of.ts'
import { useFold, useSessionAccess } from '../session-hooks.ts'
import { Card } from './card.tsx'

const PROBLEM_EVERY_MS = 5_000

/** Events after which the page has been told something. */
const makeToldSeqs = seqsOf(['write-back-done'])

/** The page in Notion that the session came from, and what it was told last. */
export function NotionCard() {
  const { store, shareToken } = useSessionAccess()
  const told = useFold(makeToldSeqs).at(-1) ?? 0
  const { data } = useQuery({
    queryKey: ['session', store.sessionId, 'notion', told],
    queryFn: ({ signal }) => call<typeof sessionNotionPage>('GET /sessions/:id/notion', { params: { id: store.sessionId }, signal }),
    enabled: shareToken === null,
    placeholderData: (before) => before,
    // A problem goes away without a word in the log.
    refetchInterval: ({ state }) => (state.data?.page?.problem ? PROBLEM_EVERY_MS : false),
  })
  const page = data?.page ?? null
  if (page === null) return null
  return (
    <Card
      icon={NotebookText}
      label="Task in Notion"
      title={safeUrl(page.url) === null ? page.title : <OutsideLink href={page.url}>{page.title}</OutsideLink>}
      facts={page.status ?? 'not told yet'}
    >
      <div role="status">
        {page.problem !== null ? (
          <p className="text-warning-text">Notion is not up to date: {page.problem}</p>
        ) : page.writtenAt === null ? (
          <p className="text-muted">The page is told when the session begins.</p>
        ) : (
          <p className="text-success-text">
            Notion updated: {page.status}
            <time className="text-muted" dateTime={page.writtenAt}>
              {' '}
              · {formatMoment(page.writtenAt)}
            </time>
          </p>
        )}
      </div>
    </Card>
  )
}

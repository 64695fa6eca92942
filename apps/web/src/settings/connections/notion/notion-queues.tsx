'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { disconnectNotionDatabase } from '@slipway/server/contract/notion-routes'
import { NotebookText } from 'lucide-react'
import { useState } from 'react'
import { call } from '../../../api/client.ts'
import { Button } from '../../../controls/button.tsx'
import { EmptyState } from '../../../states/empty-state.tsx'
import { ErrorLine, ErrorState } from '../../../states/error-state.tsx'
import { SkeletonRows } from '../../../states/skeleton.tsx'
import { Block, Row, Rows } from '../../block.tsx'
import { ConnectQueue } from './connect-queue.tsx'
import { MakeDatabases } from './make-databases.tsx'
import { QUEUES, useQueues, type Queue } from './use-queues.ts'

/** Databases of Notion whose pages become sessions. */
export function NotionQueues({ mayChange }: { mayChange: boolean }) {
  const queues = useQueues()
  const [isMaking, setMaking] = useState(false)
  const [opened, open] = useState<Queue | 'new' | null>(null)
  return (
    <Block
      title="Tasks in Notion"
      note="A page that is set to Ready starts a session of yours, and shows what became of it."
      action={
        mayChange && (
          <div className="flex shrink-0 gap-2">
            <Button size="sm" onClick={() => setMaking(true)}>
              Make new ones
            </Button>
            <Button size="sm" onClick={() => open('new')}>
              Connect a database
            </Button>
          </div>
        )
      }
    >
      {queues.isPending && <SkeletonRows rows={2} label="connected databases" />}
      {queues.isError && <ErrorState error={queues.error} onRetry={() => void queues.refetch()} />}
      {queues.data?.connections.length === 0 && (
        <EmptyState icon={NotebookText} title="None">
          Connect a database, and its pages become sessions.
        </EmptyState>
      )}
      {queues.data !== undefined && queues.data.connections.length > 0 && (
        <Rows>
          {queues.data.connections.map((queue) => (
            <QueueRow key={queue.dataSourceId} queue={queue} mayChange={mayChange} onOpen={() => open(queue)} />
          ))}
        </Rows>
      )}
      {isMaking && <MakeDatabases onClose={() => setMaking(false)} />}
      {opened !== null && <ConnectQueue queue={opened === 'new' ? null : opened} onClose={() => open(null)} />}
    </Block>
  )
}

function QueueRow({ queue, mayChange, onOpen }: { queue: Queue; mayChange: boolean; onOpen(): void }) {
  const queries = useQueryClient()
  const remove = useMutation({
    mutationFn: () => call<typeof disconnectNotionDatabase>('DELETE /notion/connections/:id', { params: { id: queue.dataSourceId } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: QUEUES }),
  })
  const title = queue.title || 'Untitled'
  return (
    <Row title={title} note={<QueueNote queue={queue} />}>
      {mayChange && (
        <>
          <Button size="sm" aria-label={`Change ${title}`} onClick={onOpen}>
            Change
          </Button>
          <Button size="sm" aria-label={`Disconnect ${title}`} aria-busy={remove.isPending} onClick={() => remove.mutate()}>
            Disconnect
          </Button>
        </>
      )}
      {remove.isError && <ErrorLine error={remove.error} />}
    </Row>
  )
}

function QueueNote({ queue: { defaults, statuses, isQueue, problem } }: { queue: Queue }) {
  const repository = defaults['repository']
  const facts = [
    typeof repository === 'string' ? repository : 'each page names its repository',
    isQueue ? `${statuses['ready']} starts a session` : 'sessions are started by hand',
  ]
  return (
    <>
      {facts.join(' · ')}
      {problem !== null && <span className="block text-warning-text">{problem}</span>}
    </>
  )
}

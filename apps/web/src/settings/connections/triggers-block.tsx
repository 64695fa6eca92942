'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { changeTrigger, deleteTrigger, listTriggers } from '@slipway/server/contract/trigger-routes'
import { BellRing } from 'lucide-react'
import { useState } from 'react'
import { call, type AnswerOf } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { EmptyState } from '../../states/empty-state.tsx'
import { ErrorLine, ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { Block, Row, Rows } from '../block.tsx'
import { WatchRepository } from './watch-repository.tsx'

type Trigger = AnswerOf<typeof listTriggers>['triggers'][number]

const providerNames = { github: 'GitHub', gitlab: 'GitLab' }

/** Repositories whose issues start sessions. */
export function TriggersBlock({ mayChange }: { mayChange: boolean }) {
  const triggers = useQuery({ queryKey: ['triggers'], queryFn: ({ signal }) => call<typeof listTriggers>('GET /triggers', { signal }) })
  const [isAdding, setAdding] = useState(false)
  return (
    <Block
      title="Watched repositories"
      note="An issue with the label, an assignment or a mention by somebody who may write there starts a session of yours."
      action={
        mayChange && (
          <Button size="sm" onClick={() => setAdding(true)}>
            Watch a repository
          </Button>
        )
      }
    >
      {triggers.isPending && <SkeletonRows rows={2} label="watched repositories" />}
      {triggers.isError && <ErrorState error={triggers.error} onRetry={() => void triggers.refetch()} />}
      {triggers.data?.triggers.length === 0 && (
        <EmptyState icon={BellRing} title="No repository is watched">
          Watch one, and its issues become sessions.
        </EmptyState>
      )}
      {triggers.data !== undefined && triggers.data.triggers.length > 0 && (
        <Rows>
          {triggers.data.triggers.map((trigger) => (
            <TriggerRow key={trigger.id} trigger={trigger} hasWebhook={triggers.data.webhooks[trigger.provider]} mayChange={mayChange} />
          ))}
        </Rows>
      )}
      {isAdding && <WatchRepository onClose={() => setAdding(false)} />}
    </Block>
  )
}

function TriggerRow({ trigger, hasWebhook, mayChange }: { trigger: Trigger; hasWebhook: boolean; mayChange: boolean }) {
  const queries = useQueryClient()
  const { id, isPaused } = trigger
  const onSuccess = () => queries.invalidateQueries({ queryKey: ['triggers'] })
  const pause = useMutation({
    mutationFn: () => call<typeof changeTrigger>('PATCH /triggers/:id', { params: { id }, body: { isPaused: !isPaused } }),
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => call<typeof deleteTrigger>('DELETE /triggers/:id', { params: { id } }), onSuccess })
  return (
    <Row title={trigger.slug} note={describe(trigger, hasWebhook)}>
      {mayChange && (
        <>
          <Button size="sm" aria-busy={pause.isPending} onClick={() => pause.mutate()}>
            {isPaused ? 'Go on' : 'Pause'}
          </Button>
          <Button size="sm" aria-busy={remove.isPending} onClick={() => remove.mutate()}>
            Stop watching
          </Button>
        </>
      )}
      {pause.isError && <ErrorLine error={pause.error} />}
      {remove.isError && <ErrorLine error={remove.error} />}
    </Row>
  )
}

function describe({ provider, label, botName, autonomy, isPaused }: Trigger, hasWebhook: boolean): string {
  const name = providerNames[provider]
  const waits =
    autonomy === 'auto' ? 'nothing waits for you' : autonomy === 'plan' ? 'publishing waits for you' : 'plan and publishing wait for you'
  const webhook = hasWebhook ? [] : [`no webhook of ${name} is set up on this server, so nothing is heard`]
  return [name, `label ${label}`, `@${botName}`, waits, ...webhook, ...(isPaused ? ['paused'] : [])].join(' · ')
}

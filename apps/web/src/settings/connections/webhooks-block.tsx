'use client'

import { useQuery } from '@tanstack/react-query'
import type { showWebhooks } from '@slipway/server/contract/webhook-routes'
import { useState } from 'react'
import { call, type AnswerOf } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { Block, Row, Rows } from '../block.tsx'
import { WebhookGuide } from './webhook-guide.tsx'

export type Webhook = AnswerOf<typeof showWebhooks>['webhooks'][number]

/** For administrators: how other services are told to deliver here. */
export function WebhooksBlock() {
  const webhooks = useQuery({ queryKey: ['webhooks'], queryFn: ({ signal }) => call<typeof showWebhooks>('GET /webhooks', { signal }) })
  const [shown, setShown] = useState<Webhook | null>(null)
  return (
    <Block
      title="Webhooks"
      note="With them Slipway hears at once; without them it looks from time to time, and watched repositories are not heard."
    >
      {webhooks.isPending && <SkeletonRows rows={4} label="webhooks" />}
      {webhooks.isError && <ErrorState error={webhooks.error} onRetry={() => void webhooks.refetch()} />}
      {webhooks.data !== undefined && (
        <Rows>
          {webhooks.data.webhooks.map((webhook) => (
            <Row
              key={webhook.provider}
              title={webhook.label}
              note={
                <>
                  {webhook.isSet ? 'Taken, when it is signed with the secret of ' : 'Not taken: the server lacks '}
                  <code className="font-mono">{webhook.setting}</code>
                </>
              }
            >
              <Button size="sm" aria-label={`Set up the webhook of ${webhook.label}`} onClick={() => setShown(webhook)}>
                Set up
              </Button>
            </Row>
          ))}
        </Rows>
      )}
      {shown !== null && <WebhookGuide webhook={shown} onClose={() => setShown(null)} />}
    </Block>
  )
}

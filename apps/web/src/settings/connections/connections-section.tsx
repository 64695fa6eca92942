'use client'

import Link from 'next/link'
import { useState } from 'react'
import { useMe } from '../../identity/use-me.ts'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { readStored } from '../../stored/local.ts'
import { Block } from '../block.tsx'
import { DoctorFindings } from '../doctor-findings.tsx'
import { landingOf } from './landing.ts'
import { NotionQueues } from './notion/notion-queues.tsx'
import { ProviderBlock } from './provider-block.tsx'
import { TriggersBlock } from './triggers-block.tsx'
import { WebhooksBlock } from './webhooks-block.tsx'
import { useConnections } from './use-connections.ts'

export function ConnectionsSection() {
  const { data: me } = useMe()
  const connections = useConnections()
  // Read once: the note stays while the person looks around here, and is gone with the next visit.
  const [search] = useState(() => window.location.search)
  if (connections.isPending) return <SkeletonRows rows={4} label="your connections" />
  if (connections.isError) return <ErrorState error={connections.error} onRetry={() => void connections.refetch()} />
  const { providers } = connections.data
  const from = providers.find(({ provider }) => provider === new URLSearchParams(search).get('provider'))
  const landed = from === undefined ? null : landingOf(search, from.label)
  const hasAccount = (name: string): boolean => connections.data.connections.some(({ provider }) => provider === name)
  const isAdministrator = me?.role === 'administrator'
  return (
    <>
      <p className="mb-6 text-sm text-muted">
        Your sessions use your own accounts, and nobody else’s sessions can. Tokens stay in the server, sealed; no sandbox and no model ever
        sees one. A local repository needs no connection.
      </p>
      {landed !== null && (
        <p
          role={landed.isGood ? 'status' : 'alert'}
          className={`mb-6 rounded-md border px-3 py-2 text-sm ${landed.isGood ? 'border-border' : 'border-danger text-danger-text'}`}
        >
          {landed.text}
          {readStored('welcome-step') !== null && (
            <Link href="/welcome" className="ml-2 text-accent-text underline underline-offset-2">
              Back to setting Slipway up
            </Link>
          )}
        </p>
      )}
      {providers.map((provider) => (
        <ProviderBlock
          key={provider.provider}
          offer={provider}
          connections={connections.data.connections.filter((connection) => connection.provider === provider.provider)}
          mayChange={me?.role !== 'viewer'}
          isAdministrator={isAdministrator}
        />
      ))}
      {providers.some(({ provider, fromEnvironment }) => provider === 'notion' && (fromEnvironment !== null || hasAccount(provider))) && (
        <NotionQueues mayChange={me?.role !== 'viewer'} />
      )}
      <TriggersBlock mayChange={me?.role !== 'viewer'} />
      {isAdministrator && <WebhooksBlock />}
      {isAdministrator && (
        <Block title="What the server found">
          <DoctorFindings only={['github', 'gitlab', 'git', 'settings']} />
        </Block>
      )}
    </>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import type { listModels } from '@slipway/server/contract/installation-routes'
import { CircleCheck, CircleDashed } from 'lucide-react'
import { call } from '../api/client.ts'
import { splitModel } from '../composer/model-name.ts'
import { ProviderBadge } from '../composer/provider-badge.tsx'
import { useModelChoices } from '../composer/use-choices.ts'
import { SelectField } from '../controls/select-field.tsx'
import { formatCount } from '../format/count.ts'
import { preferencesOf, useChangePreferences, useMe } from '../identity/use-me.ts'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { Block, Row, Rows } from './block.tsx'
import { CheckModel } from './check-model.tsx'

const ROLES: Record<string, string> = {
  plan: 'Plans',
  code: 'Writes code',
  explore: 'Explores the repository',
  summarise: 'Summarises long sessions',
  title: 'Gives titles',
}

export function ModelsSection() {
  const models = useQuery({
    queryKey: ['models', 'installation'],
    queryFn: ({ signal }) => call<typeof listModels>('GET /models', { signal }),
  })
  if (models.isPending) return <SkeletonRows rows={6} label="the models" />
  if (models.isError) return <ErrorState error={models.error} onRetry={() => void models.refetch()} />
  return (
    <>
      <OwnModel />
      <Block
        title="Roles"
        note="Which model does what, unless a session names one. Set on the server with SLIPWAY_MODEL and the variables of the roles."
      >
        {models.data.roles.length === 0 ? (
          <p className="text-sm text-muted">No model is set up yet. Set the key of a provider below, then start the server again.</p>
        ) : (
          <Rows>
            {models.data.roles.map(({ role, model, fallback, problem, contextWindow, hasTools, hasPrice }) => (
              <Row
                key={role}
                title={ROLES[role] ?? role}
                note={
                  problem ??
                  [
                    hasTools === false ? 'no tools' : null,
                    contextWindow === null ? null : `${formatCount(contextWindow)} tokens of context`,
                    hasPrice ? null : 'price not known',
                    fallback === null ? null : `falls back to ${splitModel(fallback).name}`,
                  ]
                    .filter((fact) => fact !== null)
                    .join(' · ')
                }
              >
                <span className="flex min-w-0 items-center gap-1.5 font-mono text-xs">
                  <span className="min-w-0 truncate">{splitModel(model).name}</span>
                  <ProviderBadge model={model} />
                </span>
              </Row>
            ))}
          </Rows>
        )}
      </Block>
      <Block title="Providers" note="Keys are kept in the server’s environment and never shown here.">
        <Rows>
          {models.data.providers.map(({ provider, isReady, need }) => (
            <Row key={provider} title={splitModel(`${provider}/`).provider} note={isReady ? undefined : `Needs ${need}`}>
              <ProviderState isReady={isReady} needsKey={!KEYLESS.has(provider)} />
            </Row>
          ))}
        </Rows>
      </Block>
      <Block title="Test a model" note="Asks its provider whether it would answer; nothing is spent.">
        <CheckModel />
      </Block>
    </>
  )
}

/** Nothing is known of these until a model is tested. */
const KEYLESS: ReadonlySet<string> = new Set(['ollama', 'scripted'])

function ProviderState({ isReady, needsKey }: { isReady: boolean; needsKey: boolean }) {
  if (isReady && !needsKey) return <span className="text-xs text-muted">needs no key</span>
  const [Icon, words, tone] = isReady
    ? ([CircleCheck, 'set up', 'text-success-text'] as const)
    : ([CircleDashed, 'not set up', 'text-muted'] as const)
  return (
    <span className={`flex items-center gap-1.5 text-xs ${tone}`}>
      <Icon aria-hidden className="size-3.5" />
      {words}
    </span>
  )
}

function OwnModel() {
  const { data: me } = useMe()
  const { data } = useModelChoices()
  const change = useChangePreferences()
  const chosen = preferencesOf(me).model ?? ''
  const models = data?.models.filter(({ isReady, model }) => isReady || model === chosen) ?? []
  return (
    <Block title="Your sessions" note="What the composer begins with; each session can take another.">
      <SelectField
        label="Model"
        isLabelHidden
        className="max-w-sm"
        value={chosen}
        onChange={({ target }) => change.mutate({ model: target.value === '' ? undefined : target.value })}
      >
        <option value="">The server’s choice</option>
        {models.map(({ model }) => (
          <option key={model} value={model}>
            {model}
          </option>
        ))}
      </SelectField>
      {change.isError && <ErrorLine error={change.error} />}
    </Block>
  )
}

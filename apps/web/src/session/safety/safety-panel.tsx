'use client'

import type { sessionSafety } from '@slipway/server/contract/workbench-routes'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { ShieldCheck } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { call, type AnswerOf } from '../../api/client.ts'
import { makeRefresh } from '../../api/make-refresh.ts'
import { formatCount, plural } from '../../format/count.ts'
import { EgressAdvice } from '../cards/egress-advice.tsx'
import { egressWords } from '../cards/egress-words.ts'
import { EmptyState } from '../../states/empty-state.tsx'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { ModeSection } from '../mode/mode-section.tsx'
import { seqsOf } from '../seqs-of.ts'
import { useFold, useSessionAccess } from '../session-hooks.ts'
import { Decision, EventLink, Facts, Section } from './safety-parts.tsx'
import { TakeBack } from './take-back.tsx'

type Safety = AnswerOf<typeof sessionSafety>

/** Events after which the answer is another one. */
const makeSafetySeqs = seqsOf(['autonomy-changed', 'egress-decided', 'tool-ruled', 'guard-tripped', 'sandbox-started', 'session-created'])

/** What this session may do, what was blocked, and what a person has to say yes to. */
export function SafetyPanel() {
  const { store, shareToken } = useSessionAccess()
  const id = store.sessionId
  const newest = useFold(makeSafetySeqs).at(-1) ?? 0
  const queryKey = useMemo(() => ['session', id, 'safety'], [id])
  const safety = useQuery({
    queryKey,
    queryFn: ({ signal }) => call<typeof sessionSafety>('GET /sessions/:id/safety', { params: { id }, signal }),
    enabled: shareToken === null,
  })
  const queries = useQueryClient()
  const refresh = useMemo(() => makeRefresh(queries, queryKey), [queries, queryKey])
  const asked = useRef(0)
  useEffect(() => {
    if (newest === asked.current) return
    asked.current = newest
    refresh()
  }, [newest, refresh])

  if (shareToken !== null)
    return (
      <EmptyState icon={ShieldCheck} title="Safety stays with its owner">
        A shared link shows the conversation, and in it what was asked and blocked.
      </EmptyState>
    )
  if (safety.data !== undefined) return <Contents safety={safety.data} />
  if (safety.isError) return <ErrorState error={safety.error} onRetry={() => void safety.refetch()} />
  return <SkeletonRows rows={6} label="what this session may do" />
}

function Contents({ safety }: { safety: Safety }) {
  const { network, sandbox, gates, ruled, guards } = safety
  const blocked = network.blocked.reduce((sum, { count }) => sum + count, 0)
  return (
    <div tabIndex={0} role="region" aria-label="Safety" className="h-full overflow-y-auto px-3 py-3 text-sm outline-offset-[-2px]">
      <ModeSection safety={safety} />

      <Section title="What it may do">
        <ul className="divide-y divide-separator rounded-md border border-border">
          {gates.map((gate) => (
            <li key={gate.effect} className="flex items-start gap-2 px-2.5 py-2">
              <span className="min-w-0 flex-1">
                <span className="block">{gate.effect}</span>
                <span className="block text-xs text-muted">{gate.reason}</span>
              </span>
              <Decision decision={gate.decision} />
            </li>
          ))}
        </ul>
      </Section>

      <Section title="Network">
        <Facts
          facts={[
            ['Commands reach', hosts(network.agent, 'no host')],
            [
              'While packages are installed',
              network.setup === null ? 'the usual package registries, and what the repository names' : hosts(network.setup, 'no host'),
            ],
          ]}
        />
        {network.blocked.length === 0 ? (
          <p className="mt-2 text-muted">Nothing was blocked.</p>
        ) : (
          <>
            <p className="mt-3 mb-1">{plural(blocked, 'attempt')} blocked</p>
            <ul className="divide-y divide-separator rounded-md border border-border">
              {network.blocked.map(({ host, port, phase, reason, count }) => (
                <li key={`${host}:${port}:${phase}`} className="px-2.5 py-1.5">
                  <div className="flex items-baseline gap-2">
                    <span className="min-w-0 flex-1 font-mono text-xs break-all">
                      {host}
                      {port > 0 && `:${port}`}
                    </span>
                    <span className="shrink-0 text-xs text-muted tabular-nums">{count} ×</span>
                  </div>
                  <p className="text-xs text-muted">
                    {egressWords(reason)} ({PHASES[phase]})
                  </p>
                </li>
              ))}
            </ul>
            <EgressAdvice refused={network.blocked} />
          </>
        )}
      </Section>

      <TakeBack />

      <Section title="Sandbox">
        <Facts
          facts={[
            ['Kind', sandbox.backend ?? 'not chosen yet'],
            ['Memory', bytes(sandbox.memoryBytes)],
            ['Disk', bytes(sandbox.diskBytes)],
            ['Processes', sandbox.processes.toLocaleString('en-GB')],
            ['Processors', String(sandbox.cpus)],
          ]}
        />
      </Section>

      <Section title="Asked about or refused">
        {ruled.length === 0 ? (
          <p className="text-muted">Nothing had to be asked about or refused so far.</p>
        ) : (
          <ul className="divide-y divide-separator rounded-md border border-border">
            {ruled.map((rule) => (
              <li key={rule.seq} className="flex items-start gap-2 px-2.5 py-1.5">
                <span className="min-w-0 flex-1">
                  <span className="block break-words">{rule.reason}</span>
                  <span className="block font-mono text-2xs text-muted">{rule.ruleId}</span>
                </span>
                <Decision decision={rule.decision} />
                <EventLink seq={rule.seq} />
              </li>
            ))}
          </ul>
        )}
      </Section>

      <Section title="Guards">
        {guards.length === 0 ? (
          <p className="text-muted">No guard had to step in: no loop, no limit, no secret.</p>
        ) : (
          <ul className="divide-y divide-separator rounded-md border border-border">
            {guards.map((guard) => (
              <li key={guard.seq} className="flex items-start gap-2 px-2.5 py-1.5">
                <span className="min-w-0 flex-1">
                  <span className="block break-words">{guard.reason}</span>
                  <span className="block text-xs text-muted">
                    {guard.guard}: {guard.action === 'park' ? 'the session waits for a person' : 'the agent was told'}
                  </span>
                </span>
                <EventLink seq={guard.seq} />
              </li>
            ))}
          </ul>
        )}
      </Section>
    </div>
  )
}

const PHASES: Record<Safety['network']['blocked'][number]['phase'], string> = {
  setup: 'during the set-up',
  agent: 'by a command',
  verification: 'during the verification',
  preview: 'by the preview',
}

function hosts(names: readonly string[], none: string): string {
  return names.length === 0 ? none : names.join(', ')
}

function bytes(count: number): string {
  const gigabytes = count / 1024 ** 3
  return gigabytes >= 1 ? `${Number(gigabytes.toFixed(1))} GB` : `${formatCount(Math.round(count / 1024 ** 2))} MB`
}

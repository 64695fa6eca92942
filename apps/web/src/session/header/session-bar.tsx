'use client'

import { Cpu, Folder, GitBranch, ShieldCheck, Wallet, type LucideIcon } from 'lucide-react'
import { shortModel } from '@slipway/core/text/short-model'
import type { ReactNode } from 'react'
import { formatCount } from '../../format/count.ts'
import { formatMoney } from '../../format/money.ts'
import { useEvents, type PageView } from '../session-hooks.ts'
import { contextUse } from './context-use.ts'
import { Meter } from './meter.tsx'
import { StatusBadge } from './status-badge.tsx'

const AUTONOMY = {
  ask: { word: 'Asks about everything', meaning: 'The plan and every outward effect wait for you' },
  plan: { word: 'Asks before publishing', meaning: 'The plan goes ahead; every outward effect waits for you' },
  auto: { word: 'Automatic', meaning: 'Neither the plan nor outward effects wait for you, as far as the policy allows it' },
}

/** The facts of a session in one line: what it does, where it works, with whom, and at what price. */
export function SessionBar({ view, leading, trailing }: { view: PageView; leading?: ReactNode; trailing?: ReactNode }) {
  const autonomy = AUTONOMY[view.autonomy]
  return (
    <div
      role="region"
      aria-label="About this session"
      tabIndex={0}
      className="flex h-9 shrink-0 items-center gap-4 overflow-x-auto border-b border-separator px-3 outline-offset-[-2px] [scrollbar-width:none] sm:px-4"
    >
      {leading}
      <StatusBadge view={view} />
      <Fact icon={Folder} name="Repository" title={view.repository.url}>
        {view.repository.slug ?? lastPart(view.repository.url)}
      </Fact>
      {view.branch !== null && (
        <Fact
          icon={GitBranch}
          name="Branch"
          title={`${view.branch}, from ${view.base?.branch ?? ''} at ${view.base?.oid.slice(0, 10) ?? ''}`}
        >
          <span className="font-mono text-[0.6875rem]">{view.branch}</span>
        </Fact>
      )}
      <Fact
        icon={Cpu}
        name="Model"
        title={view.model.startsWith('scripted/') ? `${shortModel(view.model)}: a script, no real model` : view.model}
      >
        {shortModel(view.model)}
        {view.model.startsWith('scripted/') && <span className="rounded bg-default px-1 text-2xs text-muted">scripted</span>}
      </Fact>
      <Fact icon={ShieldCheck} name="Mode" title={autonomy.meaning}>
        {autonomy.word}
      </Fact>
      <span className="flex-1" />
      {view.cost !== null && <CostMeter cost={view.cost} />}
      <ContextMeter model={view.model} />
      {trailing !== undefined && <span className="flex shrink-0 items-center gap-0.5">{trailing}</span>}
    </div>
  )
}

function Fact({ icon: Icon, name, title, children }: { icon: LucideIcon; name: string; title: string; children: ReactNode }) {
  return (
    <span className="flex shrink-0 items-center gap-1.5 text-xs" title={title}>
      <Icon aria-hidden className="size-3.5 text-muted" strokeWidth={1.75} />
      <span className="sr-only">{name}: </span>
      <span className="flex max-w-64 items-center gap-1.5 truncate">{children}</span>
    </span>
  )
}

function CostMeter({ cost }: { cost: NonNullable<PageView['cost']> }) {
  const { micros, limitMicros, reservedMicros, isLowerBound, calls } = cost
  const title = [
    `${formatMoney(micros)}${isLowerBound ? ' or more: a model has no known price' : ''} in ${calls} model calls`,
    reservedMicros > 0 ? `${formatMoney(reservedMicros)} held back for the one under way` : '',
    limitMicros === null ? 'no limit set' : `limit ${formatMoney(limitMicros)}`,
  ]
  return (
    <span className="flex items-center gap-1.5">
      <Wallet aria-hidden className="size-3.5 text-muted" strokeWidth={1.75} />
      <Meter
        name="Cost"
        value={`${isLowerBound ? '≥ ' : ''}${formatMoney(micros)}${limitMicros === null ? '' : ` of ${formatMoney(limitMicros)}`}`}
        share={limitMicros === null || limitMicros === 0 ? null : micros / limitMicros}
        title={title.filter(Boolean).join('; ')}
      />
    </span>
  )
}

function ContextMeter({ model }: { model: string }) {
  const use = contextUse(useEvents(), model)
  if (use === null) return null
  const limit = use.limit === null ? '' : ` of ${formatCount(use.limit)}`
  return (
    <Meter
      name="Context"
      value={`${formatCount(use.tokens)}${limit} tokens`}
      share={use.limit === null ? null : use.tokens / use.limit}
      title={`The last call read and wrote ${use.tokens.toLocaleString('en-GB')} tokens${use.limit === null ? '' : `; the model takes ${use.limit.toLocaleString('en-GB')}`}. Older parts are summarised before it is full`}
    />
  )
}

function lastPart(url: string): string {
  return url.replace(/\/+$/, '').split('/').at(-1) ?? url
}

'use client'

import { Cpu, Folder, GitBranch, ShieldCheck, Wallet, type LucideIcon } from 'lucide-react'
import { shortModel } from '@slipway/core/text/short-model'
import type { ReactNode } from 'react'
import { modeOf } from '../../composer/modes.ts'
import { formatCount } from '../../format/count.ts'
import { formatAgo, formatMoment } from '../../format/date.ts'
import { formatMoney } from '../../format/money.ts'
import { shortBranches } from '../../format/short-branches.ts'
import { useNow } from '../../format/use-now.ts'
import { ChangeRequest, Checks } from '../../sessions/change-request-state.tsx'
import { SkeletonBar } from '../../states/skeleton.tsx'
import type { PageView } from '../session-hooks.ts'
import { Meter } from './meter.tsx'
import { StatusBadge } from './status-badge.tsx'

/** The facts of a session in one line: what it does, where it works, with whom, and at what price. */
export function SessionBar({ view, leading, trailing }: { view: PageView | undefined; leading?: ReactNode; trailing?: ReactNode }) {
  return (
    <div className="flex h-9 shrink-0 items-center gap-3 border-b border-separator px-3 sm:px-4">
      {leading}
      <div
        role="region"
        aria-label="About this session"
        tabIndex={0}
        className="relative flex h-full min-w-0 flex-1 items-center gap-4 overflow-x-auto outline-offset-[-2px] [scrollbar-width:none]"
      >
        {view === undefined ? <SkeletonBar className="h-3 w-64" /> : <Facts view={view} />}
      </div>
      {trailing !== undefined && <span className="flex shrink-0 items-center gap-0.5">{trailing}</span>}
    </div>
  )
}

function Facts({ view }: { view: PageView }) {
  const mode = modeOf(view.autonomy)
  return (
    <>
      <StatusBadge view={view} />
      <ChangeRequestFact work={view.work} />
      <Fact icon={Folder} name="Repository" title={view.repository.url}>
        {view.repository.slug ?? lastPart(view.repository.url)}
      </Fact>
      {view.branch !== null && (
        <Fact
          icon={GitBranch}
          name="Branch"
          shrinks={shortBranches(view.branch).length > 12}
          title={`${view.branch}, from ${view.base?.branch ?? ''} at ${view.base?.oid.slice(0, 10) ?? ''}`}
        >
          <span className="font-mono text-2xs">{shortBranches(view.branch).slice(0, 40)}</span>
        </Fact>
      )}
      <Fact
        icon={Cpu}
        name="Model"
        badge={view.model.split('/')[0]}
        title={view.model.startsWith('scripted/') ? `${shortModel(view.model)}: a script, no real model` : view.model}
      >
        {shortModel(view.model).replace(/^[a-z-]+\//, '')}
      </Fact>
      <Fact icon={ShieldCheck} name="Mode" title={mode.hint}>
        {mode.name}
      </Fact>
      <span className="flex-1" />
      {view.cost !== null && <CostMeter cost={view.cost} />}
      <ContextMeter context={view.context} />
    </>
  )
}

/** Its card scrolls away with the conversation; this stays. */
function ChangeRequestFact({ work: { changeRequest, reportedChecks } }: { work: PageView['work'] }) {
  if (changeRequest === null) return null
  return (
    <span className="flex shrink-0 items-center gap-2">
      <ChangeRequest changeRequest={{ ...changeRequest, isDraft: changeRequest.draft }} />
      <Checks checks={reportedChecks} />
      {reportedChecks !== null && <AsOf at={reportedChecks.at} />}
    </span>
  )
}

const MINUTE_MS = 60_000

/** The forge is asked now and then: what it says may have become something else since. */
function AsOf({ at }: { at: string }) {
  const nowMs = useNow(MINUTE_MS)
  return (
    <time dateTime={at} title={`As the forge told at ${formatMoment(at)}`} className="text-2xs text-muted">
      {formatAgo(at, nowMs)}
    </time>
  )
}

function Fact({
  icon: Icon,
  name,
  title,
  badge,
  shrinks = false,
  children,
}: {
  icon: LucideIcon
  name: string
  title: string
  badge?: string | undefined
  shrinks?: boolean
  children: ReactNode
}) {
  return (
    <span className={`flex items-center gap-1.5 text-xs whitespace-nowrap ${shrinks ? 'min-w-24' : 'max-w-56 shrink-0'}`} title={title}>
      <Icon aria-hidden className="size-3.5 shrink-0 text-muted" strokeWidth={1.75} />
      <span className="sr-only">{name}: </span>
      <span className="min-w-0 truncate">{children}</span>
      {badge !== undefined && <span className="shrink-0 rounded bg-default px-1 text-2xs text-muted">{badge}</span>}
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
    <span className="flex shrink-0 items-center gap-1.5">
      <Wallet aria-hidden className="size-3.5 text-muted" strokeWidth={1.75} />
      <Meter
        name="Cost"
        value={`${isLowerBound ? '≥ ' : ''}${formatMoney(micros)}`}
        share={limitMicros === null || limitMicros === 0 ? null : micros / limitMicros}
        title={title.filter(Boolean).join('; ')}
      />
    </span>
  )
}

function ContextMeter({ context: { tokens, window } }: { context: PageView['context'] }) {
  if (tokens === null) return null
  return (
    <Meter
      name="Context"
      value={`${formatCount(tokens)} tokens`}
      share={window === null ? null : tokens / window}
      title={`The last call read and wrote ${tokens.toLocaleString('en-GB')} tokens${window === null ? '' : `; the model takes ${window.toLocaleString('en-GB')}`}. Older parts are summarised before it is full`}
    />
  )
}

function lastPart(url: string): string {
  return url.replace(/\/+$/, '').split('/').at(-1) ?? url
}

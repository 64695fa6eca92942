'use client'

import { Check, CircleDashed, LoaderCircle, TriangleAlert } from 'lucide-react'
import type { Awaited } from '@slipway/core/waiting/awaited-list'
import { memo } from 'react'
import { formatDuration } from '../../format/duration.ts'
import { useAwaited } from '../session-hooks.ts'
import { bootSteps, type BootStep } from './boot-steps.ts'
import { lastLines } from './last-lines.ts'
import { OutputText } from './output-text.tsx'
import type { BootRow } from './row.ts'
import { Line } from './line.tsx'
import { useElapsed, useNow } from './use-now.ts'
import { useUnfolded } from './use-unfolded.ts'

/** From the creation to the first answer: what is ready, what is awaited, for how long. One line once it is over. */
export const BootRowView = memo(function BootRowView({ row }: { row: BootRow }) {
  const awaited = useAwaited()
  // The first answer may come before the sandbox that it needs.
  const isStarting = row.sandbox === null && awaited.some(({ phase }) => phase === 'workspace' || phase === 'setup')
  if (row.isOver && !isStarting) return <Over row={row} />
  return row.isHeld ? <Held row={row} /> : <Boot row={row} awaited={awaited} />
})

function Over({ row }: { row: BootRow }) {
  const [isUnfolded, turn] = useUnfolded('boot')
  const tookMs = row.firstAnswerAt === null ? null : Date.parse(row.firstAnswerAt) - Date.parse(row.at)
  const hasFailed = row.setup !== null && !row.setup.ok
  return (
    <Line
      icon={hasFailed ? TriangleAlert : Check}
      tone={hasFailed ? 'warn' : 'quiet'}
      verb={hasFailed ? 'Started, but the set-up failed' : 'Started'}
      target={
        row.repository === null
          ? ''
          : `${row.repository.baseBranch} at ${row.repository.baseOid.slice(0, 10)}${row.sandbox === null ? '' : `, ${row.sandbox.backend}`}`
      }
      facts={tookMs === null ? undefined : formatDuration(tookMs)}
      fold={{ isUnfolded, turn }}
    >
      <Steps steps={bootSteps(row, { awaited: [], nowMs: null })} />
      <SetupOutput row={row} />
    </Line>
  )
}

/** It goes on when a person has answered; until then no clock runs and nothing turns. */
function Held({ row }: { row: BootRow }) {
  return (
    <section aria-label="Getting ready" className="my-2 rounded-md border border-separator px-3 py-2">
      <p className="text-sm font-medium">Not started yet</p>
      <Steps steps={bootSteps(row, { awaited: [], nowMs: null })} />
      <p className="mt-1 text-xs text-muted">It goes on from here once what is asked below is answered.</p>
    </section>
  )
}

function Boot({ row, awaited }: { row: BootRow; awaited: readonly Awaited[] }) {
  const waited = useElapsed(Date.parse(row.at))
  const nowMs = useNow()
  const printed = awaited.find(({ phase }) => phase === 'setup')?.text.trimEnd()
  return (
    <section aria-label="Getting ready" className="my-2 rounded-md border border-separator px-3 py-2">
      <p className="flex items-baseline justify-between text-sm">
        <span className="font-medium">Getting ready</span>
        <span className="text-xs text-muted tabular-nums">{waited}</span>
      </p>
      <Steps steps={bootSteps(row, { awaited, nowMs })} />
      {printed !== undefined && printed !== '' && (
        <pre
          aria-label="What the set-up prints"
          className="mt-1 overflow-hidden border-l border-separator pl-3 font-mono text-xs leading-5 text-ellipsis whitespace-pre text-muted"
        >
          {lastLines(printed, 6)}
        </pre>
      )}
      <p className="mt-1 text-xs text-muted">You can write already; the agent reads it when it is there.</p>
    </section>
  )
}

function Steps({ steps }: { steps: readonly BootStep[] }) {
  return (
    <ol className="mt-1">
      {steps.map((step) => (
        <li key={step.name} className="flex h-6 items-center gap-2 text-sm">
          <StepIcon state={step.state} />
          <span className={step.state === 'next' ? 'text-muted' : ''}>{step.name}</span>
          <span className="min-w-0 flex-1 truncate text-xs text-muted">{step.note}</span>
          {step.ms !== null && <span className="text-xs text-muted tabular-nums">{timeOf(step.state, step.ms)}</span>}
        </li>
      ))}
    </ol>
  )
}

/** What is under way counts in whole seconds, so that its figures do not flicker. */
function timeOf(state: BootStep['state'], ms: number): string {
  return state === 'now' && ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : formatDuration(ms)
}

function SetupOutput({ row: { setup } }: { row: BootRow }) {
  if (setup === null || setup.steps.length === 0) return null
  return (
    <div className="mt-2 space-y-2">
      {setup.steps.map((step) => (
        <div key={step.command}>
          <p className="mb-1 font-mono text-xs">$ {step.command}</p>
          <OutputText text={step.tail} sha={step.outputSha} label={`Output of ${step.command}`} />
        </div>
      ))}
    </div>
  )
}

function StepIcon({ state }: Pick<BootStep, 'state'>) {
  if (state === 'done') return <Check aria-label="done" className="size-3.5 text-success-text" />
  if (state === 'failed') return <TriangleAlert aria-label="failed" className="size-3.5 text-danger-text" />
  if (state === 'now') return <LoaderCircle aria-label="now" className="size-3.5 animate-spin text-accent-text" />
  return <CircleDashed aria-label="next" className="size-3.5 text-muted" />
}

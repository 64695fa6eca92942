'use client'

import { Check, CircleDashed, LoaderCircle, TriangleAlert } from 'lucide-react'
import { memo } from 'react'
import { formatDuration } from '../../format/duration.ts'
import { useProgress } from '../session-hooks.ts'
import { OutputText } from './output-text.tsx'
import type { BootRow } from './row.ts'
import { Line } from './line.tsx'
import { useElapsed } from './use-now.ts'
import { useUnfolded } from './use-unfolded.ts'

type StepState = 'done' | 'now' | 'next' | 'failed'
interface BootStep {
  name: string
  state: StepState
  note: string
  ms: number | null
}

/** From the creation to the first answer: what is ready, what is awaited, for how long. One line once it is over. */
export const BootRowView = memo(function BootRowView({ row }: { row: BootRow }) {
  return row.isOver ? <Over row={row} /> : row.isHeld ? <Held row={row} /> : <Boot row={row} />
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
      <Steps row={row} isOver isSettingUp={false} />
      <SetupOutput row={row} />
    </Line>
  )
}

/** It goes on when a person has answered; until then no clock runs and nothing turns. */
function Held({ row }: { row: BootRow }) {
  return (
    <section aria-label="Getting ready" className="my-2 rounded-md border border-separator px-3 py-2">
      <p className="text-sm font-medium">Not started yet</p>
      <Steps row={row} isOver={false} isSettingUp={false} />
      <p className="mt-1 text-xs text-muted">It goes on from here once what is asked below is answered.</p>
    </section>
  )
}

function Boot({ row }: { row: BootRow }) {
  const waited = useElapsed(Date.parse(row.at))
  const progress = useProgress()
  return (
    <section aria-label="Getting ready" className="my-2 rounded-md border border-separator px-3 py-2">
      <p className="flex items-baseline justify-between text-sm">
        <span className="font-medium">Getting ready</span>
        <span className="text-xs text-muted tabular-nums">{waited}</span>
      </p>
      <Steps row={row} isOver={false} isSettingUp={progress?.phase === 'setup'} />
      {progress !== null && progress.phase !== 'setup' && <p className="mt-1 truncate text-xs text-muted">{progress.text}</p>}
      {progress?.phase === 'setup' && (
        <pre className="mt-1 truncate font-mono text-xs text-muted">{progress.text.trim().split('\n').at(-1)}</pre>
      )}
      <p className="mt-1 text-xs text-muted">You can write already; the agent reads it when it is there.</p>
    </section>
  )
}

function Steps({ row, isOver, isSettingUp }: { row: BootRow; isOver: boolean; isSettingUp: boolean }) {
  return (
    <ol className="mt-1">
      {stepsOf(row, isOver, isSettingUp).map((step) => (
        <li key={step.name} className="flex h-6 items-center gap-2 text-sm">
          <StepIcon state={step.state} />
          <span className={step.state === 'next' ? 'text-muted' : ''}>{step.name}</span>
          <span className="min-w-0 flex-1 truncate text-xs text-muted">{step.note}</span>
          {step.ms !== null && <span className="text-xs text-muted tabular-nums">{formatDuration(step.ms)}</span>}
        </li>
      ))}
    </ol>
  )
}

/** Repository, sandbox and the model's first thought run side by side; each is done when its event says so. */
function stepsOf(row: BootRow, isOver: boolean, isSettingUp: boolean): BootStep[] {
  const { repository, sandbox, askedAt, firstAnswerAt, isHeld } = row
  const open = (isBegun: boolean): StepState => (!isOver && !isHeld && isBegun ? 'now' : 'next')
  const hasBegun = repository !== null || askedAt !== null
  return [
    { name: 'Queued', state: hasBegun || isOver ? 'done' : open(true), note: '', ms: null },
    {
      name: 'Repository',
      state: repository === null ? open(false) : 'done',
      note: repository === null ? '' : `${repository.baseBranch} at ${repository.baseOid.slice(0, 10)}`,
      ms: repository?.ms ?? null,
    },
    {
      name: 'Sandbox',
      state: sandbox === null ? open(repository !== null) : 'done',
      note: sandbox?.backend ?? (isOver ? 'starts when it is needed' : ''),
      ms: sandbox?.ms ?? null,
    },
    setupStep(row, isSettingUp),
    {
      name: 'First thought',
      state: firstAnswerAt !== null ? 'done' : open(askedAt !== null),
      note: '',
      ms: firstAnswerAt !== null && askedAt !== null ? Date.parse(firstAnswerAt) - Date.parse(askedAt) : null,
    },
  ]
}

function setupStep({ sandbox, setup }: BootRow, isSettingUp: boolean): BootStep {
  const name = 'Set-up'
  if (setup === null) {
    if (sandbox !== null) return { name, state: 'done', note: 'nothing to install', ms: null }
    return { name, state: isSettingUp ? 'now' : 'next', note: '', ms: null }
  }
  const commands = setup.steps.map((step) => step.command).join(', ')
  const note = setup.cached ? 'from the cache' : commands === '' ? 'nothing to install' : commands
  return { name, state: setup.ok ? 'done' : 'failed', note, ms: setup.ms }
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

function StepIcon({ state }: { state: StepState }) {
  if (state === 'done') return <Check aria-label="done" className="size-3.5 text-success-text" />
  if (state === 'failed') return <TriangleAlert aria-label="failed" className="size-3.5 text-danger-text" />
  if (state === 'now') return <LoaderCircle aria-label="now" className="size-3.5 animate-spin text-accent-text" />
  return <CircleDashed aria-label="next" className="size-3.5 text-muted" />
}

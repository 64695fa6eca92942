'use client'

import { TriangleAlert } from 'lucide-react'
import { describeFailure, explainFailure } from '@slipway/core/errors/explain-failure'
import { shortModel } from '@slipway/core/text/short-model'
import { memo } from 'react'
import { WithCode } from '../../controls/with-code.tsx'
import { formatDuration } from '../../format/duration.ts'
import { useSessionAccess } from '../session-hooks.ts'
import type { FailureRow } from './row.ts'
import { useNow } from './use-now.ts'
import { useUnfolded } from './use-unfolded.ts'

/** A model call that failed, and what happens next. */
export const FailureRowView = memo(function FailureRowView({ row }: { row: FailureRow }) {
  const { failure } = row
  const [isUnfolded, turn] = useUnfolded(row.key)
  const { may } = useSessionAccess()
  // Whoever can answer reads it there.
  const isSaidBelow = row.isAsked && may === 'act'
  if (failure.kind === 'stopped' || failure.kind === 'interrupted') return <Partial row={row} isUnfolded={isUnfolded} turn={turn} />
  return (
    <div className="my-1 rounded-md border border-separator px-3 py-2 text-sm">
      <p className="flex items-start gap-2">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning-text" />
        <span className="min-w-0 break-words">
          {isSaidBelow ? `${shortModel(row.model) || 'The model'} failed` : <WithCode text={sentence(row)} />}
        </span>
      </p>
      <p className="mt-1 pl-6 text-xs text-muted">{isSaidBelow ? 'Why, and what you can do, stands below.' : <Next row={row} />}</p>
      <Partial row={row} isUnfolded={isUnfolded} turn={turn} />
    </div>
  )
})

/** What to do is said only when nothing more happens by itself. */
function sentence({ model, failure }: FailureRow): string {
  const details = { model: model || 'The model', message: failure.message }
  return failure.retryAt === null ? explainFailure(failure.kind, details) : describeFailure(failure.kind, details)
}

function Next({ row }: { row: FailureRow }) {
  const { retryAt, fallback } = row.failure
  const whom = fallback === null ? '' : ` with ${shortModel(fallback)}`
  const times = row.attempts === 1 ? '' : `${row.attempts} attempts failed. `
  if (retryAt === null) return <>{times}No further attempt by itself.</>
  if (row.isOver)
    return (
      <>
        {times}Tried again{whom}.
      </>
    )
  return (
    <>
      {times}
      <Countdown retryAt={retryAt} whom={whom} />
    </>
  )
}

function Countdown({ retryAt, whom }: { retryAt: string; whom: string }) {
  const leftMs = Math.max(0, Math.ceil((Date.parse(retryAt) - useNow()) / 1_000) * 1_000)
  return (
    <>
      Next attempt{whom} {leftMs === 0 ? 'now' : `in ${formatDuration(leftMs)}`}.
    </>
  )
}

function Partial({ row, isUnfolded, turn }: { row: FailureRow; isUnfolded: boolean; turn: () => void }) {
  const text = row.failure.partialText?.trim() ?? ''
  if (text === '') return null
  return (
    <div className="mt-1 pl-6 text-sm text-muted">
      <button
        type="button"
        aria-expanded={isUnfolded}
        className="rounded text-xs font-medium text-accent-text hover:underline"
        onClick={turn}
      >
        {isUnfolded ? 'Hide what had arrived' : 'Show what had arrived'}
      </button>
      {isUnfolded && <p className="mt-1 break-words whitespace-pre-wrap">{text} […]</p>}
    </div>
  )
}

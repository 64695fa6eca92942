'use client'

import { replaceEqualDeep } from '@tanstack/react-query'
import dynamic from 'next/dynamic'
import { memo } from 'react'
import { FinishedCard } from '../cards/finished-card.tsx'
import { TaskCard } from '../cards/task-card.tsx'
import { AnswerRowView } from './answer-row-view.tsx'
import { BootRowView } from './boot-row-view.tsx'
import { CallsRowView } from './calls-row-view.tsx'
import { NoteRowView } from './note-row-view.tsx'
import { PersonRowView } from './person-row-view.tsx'
import type { Row } from './row.ts'

// Rows that not every session has come together, with the first of them.
const AskCard = dynamic(async () => (await import('./rare-rows.tsx')).AskCard, { ssr: false })
const BlockedCard = dynamic(async () => (await import('./rare-rows.tsx')).BlockedCard, { ssr: false })
const ChangeRequestCard = dynamic(async () => (await import('./rare-rows.tsx')).ChangeRequestCard, { ssr: false })
const CommitCard = dynamic(async () => (await import('./rare-rows.tsx')).CommitCard, { ssr: false })
const DeploymentCard = dynamic(async () => (await import('./rare-rows.tsx')).DeploymentCard, { ssr: false })
const FailureRowView = dynamic(async () => (await import('./rare-rows.tsx')).FailureRowView, { ssr: false })
const PlanCard = dynamic(async () => (await import('./rare-rows.tsx')).PlanCard, { ssr: false })
const ReviewCard = dynamic(async () => (await import('./rare-rows.tsx')).ReviewCard, { ssr: false })
const VerificationCard = dynamic(async () => (await import('./rare-rows.tsx')).VerificationCard, { ssr: false })

/** Rows that are one line of 24 px; with their padding they are as high as the conversation takes a row for that it has not seen. */
const LINES: ReadonlySet<Row['kind']> = new Set(['note', 'commit'])

/** Without colour and in the colour of secondary text: paler would be hard to read. */
const LATER = 'grayscale [&_*]:text-muted!'

const SOUGHT =
  'relative bg-surface-secondary before:absolute before:inset-y-0 before:left-0 before:w-1 before:rounded-full before:bg-accent'

interface RowViewProps {
  row: Row
  /** It lies after the moment that the page shows. */
  isLater: boolean
  /** The address leads here. */
  isSought: boolean
}

/** One row. Rendered again only when it changed itself; older pages make every row anew, and nearly all come out the same. */
export const RowView = memo(function RowView({ row, isLater, isSought }: RowViewProps) {
  return (
    <div
      data-seq={row.seq}
      aria-current={isSought ? 'location' : undefined}
      className={`mx-auto w-full max-w-3xl px-3 sm:px-5 ${isOneLine(row) ? 'visible py-1' : ''} ${isLater ? LATER : ''} ${isSought ? SOUGHT : ''}`}
    >
      <Content row={row} />
    </div>
  )
}, isSame)

/** It need not be hidden until it is measured, as the list does with what may be of any height: showing it then costs a second look at its styles. */
function isOneLine(row: Row): boolean {
  return LINES.has(row.kind) || (row.kind === 'calls' && row.calls.length === 1)
}

function isSame(before: RowViewProps, after: RowViewProps): boolean {
  if (before.isLater !== after.isLater || before.isSought !== after.isSought) return false
  return replaceEqualDeep(before.row, after.row) === before.row
}

function Content({ row }: { row: Row }) {
  switch (row.kind) {
    case 'task':
      return <TaskCard row={row} />
    case 'boot':
      return <BootRowView row={row} />
    case 'person':
      return <PersonRowView row={row} />
    case 'answer':
      return <AnswerRowView row={row} />
    case 'calls':
      return <CallsRowView row={row} />
    case 'failure':
      return <FailureRowView row={row} />
    case 'plan':
      return <PlanCard row={row} />
    case 'ask':
      return <AskCard row={row} />
    case 'blocked':
      return <BlockedCard row={row} />
    case 'commit':
      return <CommitCard row={row} />
    case 'verification':
      return <VerificationCard row={row} />
    case 'change-request':
      return <ChangeRequestCard row={row} />
    case 'deployment':
      return <DeploymentCard row={row} />
    case 'review':
      return <ReviewCard row={row} />
    case 'note':
      return <NoteRowView row={row} />
    case 'finished':
      return <FinishedCard row={row} />
  }
}

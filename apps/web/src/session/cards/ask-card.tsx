'use client'

import { CircleCheck, CircleHelp, CircleX, MessageCircleQuestion } from 'lucide-react'
import { memo } from 'react'
import { WithCode } from '../../controls/with-code.tsx'
import { Markdown } from '../conversation/markdown.tsx'
import type { AskRow } from '../conversation/row.ts'
import { formatMoney } from '../../format/money.ts'
import { shortBranches } from '../../format/short-branches.ts'
import { EffectDetails } from './effect-details.tsx'
import { Line } from '../conversation/line.tsx'
import { useSessionAccess } from '../session-hooks.ts'
import { useUnfolded } from '../conversation/use-unfolded.ts'

const TITLES = { plan: 'Plan', approval: 'Approval', question: 'Question', budget: 'Budget', continue: 'Go on?' }

/** A question in the conversation, and what it was answered. The open one is answered below, where it stays in sight. */
export const AskCard = memo(function AskCard({ row }: { row: AskRow }) {
  const { ask, answer } = row
  const { may } = useSessionAccess()
  const [isUnfolded, turn] = useUnfolded(row.key)
  const Icon =
    answer === null ? (row.isClosed ? CircleHelp : MessageCircleQuestion) : answer.body.decision === 'reject' ? CircleX : CircleCheck
  if (may === 'act' && answer === null && !row.isClosed) {
    if (row.isRepetition) return null
    return <Line icon={MessageCircleQuestion} tone="warn" verb={TITLES[ask.kind]} target="waits for your answer below" />
  }
  return (
    <section aria-label={TITLES[ask.kind]} className="my-1.5 flex items-start gap-2 rounded-md border border-separator px-3 py-2 text-sm">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colourOf(row)}`} />
      <div className="min-w-0 flex-1">
        <Question row={row} />
        <p className="mt-0.5 text-xs text-muted">{wordsOf(row)}</p>
        {answer !== null && answer.body.text !== '' && <p className="mt-1 break-words whitespace-pre-wrap">{answer.body.text}</p>}
        {ask.effect !== null && answer !== null && (
          <>
            <button
              type="button"
              aria-expanded={isUnfolded}
              className="mt-1 rounded text-xs font-medium text-accent-text hover:underline"
              onClick={turn}
            >
              {isUnfolded ? 'Hide the effect' : 'Show the exact effect'}
            </button>
            {isUnfolded && (
              <div className="mt-1">
                <EffectDetails effect={ask.effect} />
              </div>
            )}
          </>
        )}
      </div>
    </section>
  )
})

/** The agent's words are Markdown; the product's own name their code alone. */
function Question({ row: { ask, isRepetition } }: { row: AskRow }) {
  if (ask.kind === 'question') return <Markdown text={ask.question} />
  const text = isRepetition ? TITLES[ask.kind] : ask.question
  return (
    <p className="break-words whitespace-pre-wrap" title={ask.effect === null ? undefined : text}>
      <WithCode text={shortBranches(text)} />
    </p>
  )
}

function colourOf({ answer, isClosed }: AskRow): string {
  if (answer === null) return isClosed ? 'text-muted' : 'text-warning-text'
  return answer.body.decision === 'reject' ? 'text-danger-text' : 'text-success-text'
}

function wordsOf({ answer, isClosed, ask }: AskRow): string {
  if (answer === null) return isClosed ? 'Not open any more' : 'Waits for an answer'
  const { decision, budgetMicros } = answer.body
  if (decision === 'reject') return ask.kind === 'question' ? 'Not answered' : 'Not approved'
  if (budgetMicros !== null && budgetMicros > 0) return `New limit ${formatMoney(budgetMicros)}`
  return { plan: 'Approved', approval: 'Approved', question: 'Answered', budget: 'Limit raised', continue: 'Going on' }[ask.kind]
}

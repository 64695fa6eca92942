'use client'

import { Brain } from 'lucide-react'
import { memo } from 'react'
import { shortModel } from '@slipway/core/text/short-model'
import { useDelta } from '../session-hooks.ts'
import { Line } from './line.tsx'
import { Markdown } from './markdown.tsx'
import type { AnswerRow } from './row.ts'
import { useElapsed } from './use-now.ts'
import { useUnfolded } from './use-unfolded.ts'

/** What the model says, while it says it and afterwards. */
export const AnswerRowView = memo(function AnswerRowView({ row }: { row: AnswerRow }) {
  return row.answer === null ? <Streaming row={row} /> : <Finished row={row} answer={row.answer} />
})

function Streaming({ row }: { row: AnswerRow }) {
  const text = useDelta(row.callId, 'text')
  const reasoning = useDelta(row.callId, 'reasoning')
  return (
    <div className="py-[5px]" aria-busy="true">
      {reasoning !== '' && <Thinking callId={row.callId} text={reasoning} label={text === '' ? 'Thinking' : 'Thought'} />}
      {text === '' ? (
        <Waiting row={row} isThinking={reasoning !== ''} />
      ) : (
        <div>
          <Markdown text={text} isStreaming />
        </div>
      )}
    </div>
  )
}

function Finished({ row, answer }: { row: AnswerRow; answer: NonNullable<AnswerRow['answer']> }) {
  return (
    <div className="py-[5px]">
      {answer.reasoning.trim() !== '' && <Thinking callId={row.callId} text={answer.reasoning} label="Thought" />}
      {answer.text.trim() !== '' && <Markdown text={answer.text} />}
      {answer.finish === 'length' && <p className="mt-1 text-xs text-warning-text">The answer was cut at its length limit.</p>}
      {answer.finish === 'refusal' && <p className="mt-1 text-xs text-warning-text">The model declined to answer.</p>}
    </div>
  )
}

function Thinking({ callId, text, label }: { callId: string; text: string; label: string }) {
  const [isUnfolded, turn] = useUnfolded(`thinking ${callId}`)
  const glimpse = text.trim().split('\n').at(-1) ?? ''
  return (
    <Line icon={Brain} verb={label} target={isUnfolded ? '' : glimpse} fold={{ isUnfolded, turn }}>
      <p className="text-sm break-words whitespace-pre-wrap text-muted">{text.trim()}</p>
    </Line>
  )
}

function Waiting({ row, isThinking }: { row: AnswerRow; isThinking: boolean }) {
  const waited = useElapsed(Date.parse(row.at))
  if (isThinking) return null
  return (
    <p className="flex items-center gap-2 px-1.5 text-sm text-muted">
      <span aria-hidden className="size-1.5 animate-pulse rounded-full bg-accent" />
      Waiting for {shortModel(row.model) || 'the model'}
      {row.attempt > 1 && <span>, attempt {row.attempt}</span>}
      <span className="text-xs tabular-nums">{waited}</span>
    </p>
  )
}

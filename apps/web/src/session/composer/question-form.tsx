'use client'

import { Button } from '../../controls/button.tsx'
import { MessageCircleQuestion } from 'lucide-react'
import { useState } from 'react'
import { ErrorLine } from '../../states/error-state.tsx'
import type { OpenAsk } from './ask-dock.tsx'
import { AskActions } from './ask-actions.tsx'
import { AskHead } from './ask-head.tsx'
import { ReasonField } from './reason-field.tsx'
import { useActions } from './use-actions.ts'

/** A question of the agent: one of its options, or an answer of one's own. */
export function QuestionForm({ ask }: { ask: OpenAsk }) {
  const { answer, isAnswered } = useActions()
  const [own, setOwn] = useState('')
  const say = (text: string): void => answer.mutate({ askId: ask.askId, decision: 'answer', text })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (own.trim() !== '') say(own)
      }}
    >
      <AskHead icon={MessageCircleQuestion} title={ask.question} expiresAt={ask.expiresAt} isMarkdown />
      {ask.options.length > 0 && (
        <div role="group" aria-label="Options" className="mb-2 flex flex-wrap gap-2">
          {ask.options.map((option) => (
            <button
              key={option}
              type="button"
              disabled={isAnswered}
              className="min-h-7 rounded-md border border-field-border bg-surface px-2.5 py-0.5 text-left text-sm break-words hover:bg-default disabled:opacity-60"
              onClick={() => say(option)}
            >
              {option}
            </button>
          ))}
        </div>
      )}
      {answer.isError && <ErrorLine error={answer.error} />}
      <AskActions>
        <ReasonField value={own} onChange={setOwn} label={ask.options.length > 0 ? 'Or in your own words' : 'Your answer'} />
        <Button
          size="sm"
          variant="ghost"
          disabled={isAnswered}
          onClick={() => answer.mutate({ askId: ask.askId, decision: 'reject', text: own })}
        >
          Do not answer
        </Button>
        <Button variant="primary" size="sm" type="submit" disabled={isAnswered || own.trim() === ''}>
          Answer
        </Button>
      </AskActions>
    </form>
  )
}

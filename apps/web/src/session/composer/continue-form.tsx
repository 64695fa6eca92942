'use client'

import { Button } from '../../controls/button.tsx'
import { CirclePause } from 'lucide-react'
import { useState } from 'react'
import { ErrorLine } from '../../states/error-state.tsx'
import type { OpenAsk } from './ask-dock.tsx'
import { AskActions } from './ask-actions.tsx'
import { AskHead } from './ask-head.tsx'
import { ReasonField } from './reason-field.tsx'
import { useActions } from './use-actions.ts'

/** The session paused by itself: why, and whether to go on. */
export function ContinueForm({ ask }: { ask: OpenAsk }) {
  const { answer, isAnswered } = useActions()
  const [words, setWords] = useState('')
  const say = (decision: 'approve' | 'reject'): void => answer.mutate({ askId: ask.askId, decision, text: words })
  return (
    <>
      <AskHead icon={CirclePause} title={ask.question} expiresAt={ask.expiresAt} />
      {answer.isError && <ErrorLine error={answer.error} />}
      <AskActions>
        <ReasonField value={words} onChange={setWords} label="Anything it should know? (optional)" />
        <Button size="sm" variant="secondary" disabled={isAnswered} onClick={() => say('reject')}>
          Stop here
        </Button>
        <Button variant="primary" size="sm" disabled={isAnswered} onClick={() => say('approve')}>
          Go on
        </Button>
      </AskActions>
    </>
  )
}

'use client'

import { Button } from '../../controls/button.tsx'
import { ShieldQuestion } from 'lucide-react'
import { useState } from 'react'
import { ErrorLine } from '../../states/error-state.tsx'
import { EffectDetails } from '../cards/effect-details.tsx'
import type { OpenAsk } from './ask-dock.tsx'
import { AskActions } from './ask-actions.tsx'
import { AskHead } from './ask-head.tsx'
import { ReasonField } from './reason-field.tsx'
import { useActions } from './use-actions.ts'

/** Yes or no to one exact effect; the yes carries the hash of what was shown. */
export function ApprovalForm({ ask }: { ask: OpenAsk }) {
  const { answer, isAnswered } = useActions()
  const [reason, setReason] = useState('')
  const say = (decision: 'approve' | 'reject'): void =>
    answer.mutate({ askId: ask.askId, decision, text: decision === 'reject' ? reason : '', effectHash: ask.effect?.hash ?? null })
  return (
    <>
      <AskHead icon={ShieldQuestion} title={ask.effect?.title ?? ask.question} expiresAt={ask.expiresAt} />
      {ask.effect !== null && <EffectDetails effect={ask.effect} />}
      {answer.isError && <ErrorLine error={answer.error} />}
      <AskActions>
        <ReasonField value={reason} onChange={setReason} label="Reason, if you decline (optional)" />
        <Button size="sm" variant="secondary" disabled={isAnswered} onClick={() => say('reject')}>
          Decline
        </Button>
        <Button variant="primary" size="sm" disabled={isAnswered} onClick={() => say('approve')}>
          Approve
        </Button>
      </AskActions>
    </>
  )
}

'use client'

import { Button } from '../../controls/button.tsx'
import { ArrowDown, ArrowUp, ListChecks, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { ErrorLine } from '../../states/error-state.tsx'
import type { PageView } from '../session-hooks.ts'
import type { OpenAsk } from './ask-dock.tsx'
import { AskActions } from './ask-actions.tsx'
import { AskHead } from './ask-head.tsx'
import { ReasonField } from './reason-field.tsx'
import { useActions } from './use-actions.ts'

/** The plan that waits for a yes. Its steps can be changed here; the changed ones go with the answer. */
export function PlanForm({ ask, plan }: { ask: OpenAsk; plan: PageView['plan'] }) {
  const { answer, isAnswered } = useActions()
  const original = (plan?.steps ?? []).filter((step) => step.status !== 'dropped').map((step) => step.title)
  const [steps, setSteps] = useState(() => original.map((title, at) => ({ key: at, title })))
  const [words, setWords] = useState('')
  const titles = steps.map((step) => step.title.trim()).filter((title) => title !== '')
  const isChanged = JSON.stringify(titles) !== JSON.stringify(original)

  function move(from: number, to: number): void {
    const next = [...steps]
    const [step] = next.splice(from, 1)
    if (step === undefined || to < 0 || to > next.length) return
    next.splice(to, 0, step)
    setSteps(next)
  }

  const say = (decision: 'approve' | 'reject'): void =>
    answer.mutate({ askId: ask.askId, decision, text: answerText(isChanged ? titles : null, words) })
  return (
    <>
      <AskHead icon={ListChecks} title={ask.question} expiresAt={ask.expiresAt} />
      <ol className="space-y-1">
        {steps.map((step, at) => (
          <li key={step.key} className="group flex items-center gap-1">
            <span className="w-5 shrink-0 text-right text-xs text-muted tabular-nums">{at + 1}</span>
            <input
              aria-label={`Step ${at + 1}`}
              value={step.title}
              onChange={(event) => setSteps(steps.map((other) => (other === step ? { ...step, title: event.target.value } : other)))}
              className="h-7 min-w-0 flex-1 rounded-md border border-transparent bg-transparent px-1.5 text-sm hover:border-field-border focus:border-field-border focus:bg-field"
            />
            <StepButton label={`Move step ${at + 1} up`} icon={ArrowUp} isDisabled={at === 0} onClick={() => move(at, at - 1)} />
            <StepButton
              label={`Move step ${at + 1} down`}
              icon={ArrowDown}
              isDisabled={at === steps.length - 1}
              onClick={() => move(at, at + 1)}
            />
            <StepButton
              label={`Remove step ${at + 1}`}
              icon={X}
              isDisabled={false}
              onClick={() => setSteps(steps.filter((other) => other !== step))}
            />
          </li>
        ))}
      </ol>
      <button
        type="button"
        className="mt-1 flex h-6 items-center gap-1 rounded px-1.5 text-xs text-muted hover:bg-default hover:text-foreground"
        onClick={() => setSteps([...steps, { key: Math.max(-1, ...steps.map((step) => step.key)) + 1, title: '' }])}
      >
        <Plus aria-hidden className="size-3.5" /> Add a step
      </button>
      {plan !== null && plan.paths.length > 0 && (
        <p className="mt-1 text-xs break-words text-muted">Expects to change {plan.paths.join(', ')}</p>
      )}
      {answer.isError && <ErrorLine error={answer.error} />}
      <AskActions>
        <ReasonField value={words} onChange={setWords} label="Anything to add? (optional)" />
        <Button size="sm" variant="secondary" disabled={isAnswered} onClick={() => say('reject')}>
          Ask for another plan
        </Button>
        <Button variant="primary" size="sm" disabled={isAnswered || titles.length === 0} onClick={() => say('approve')}>
          {isChanged ? 'Approve with changes' : 'Approve'}
        </Button>
      </AskActions>
    </>
  )
}

/** The plan is a text to the agent: it updates its plan itself. */
function answerText(titles: readonly string[] | null, words: string): string {
  const changed = titles === null ? '' : `Use these steps instead:\n${titles.map((title, at) => `${at + 1}. ${title}`).join('\n')}`
  return [changed, words.trim()].filter((text) => text !== '').join('\n\n')
}

interface StepButtonProps {
  label: string
  icon: typeof X
  isDisabled: boolean
  onClick: () => void
}

function StepButton({ label, icon: Icon, isDisabled, onClick }: StepButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={isDisabled}
      className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground disabled:opacity-30"
      onClick={onClick}
    >
      <Icon aria-hidden className="size-3.5" />
    </button>
  )
}

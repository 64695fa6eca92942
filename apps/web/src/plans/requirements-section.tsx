'use client'

import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { TextArea } from '../controls/text-area.tsx'
import { AskAnew } from './ask-anew.tsx'
import type { SectionProps } from './plan-page.tsx'
import { fromText, toText, type RequirementsText } from './requirements-text.ts'

const EMPTY = { goal: '', scope: { included: [], excluded: [] }, acceptanceCriteria: [], constraints: [], openQuestions: [] }

const LISTS: { field: Exclude<keyof RequirementsText, 'goal'>; label: string }[] = [
  { field: 'included', label: 'In scope' },
  { field: 'excluded', label: 'Out of scope' },
  { field: 'acceptanceCriteria', label: 'Acceptance criteria' },
  { field: 'constraints', label: 'Constraints' },
  { field: 'openQuestions', label: 'Open questions' },
]

/** What the idea asks for: read by the model, and for a person to change. What is being typed stays when the plan changes beneath. */
export function RequirementsSection({ plan, canEdit, change }: SectionProps) {
  const [draft, setDraft] = useState<RequirementsText | null>(null)
  const text = draft ?? toText(plan.requirements ?? EMPTY)
  const isThere = plan.requirements !== null
  const isOpen = isThere || draft !== null
  const edit = (changes: Partial<RequirementsText>): void => setDraft({ ...text, ...changes })
  const save = (): void =>
    change.mutate({ kind: 'change', body: { version: plan.version, requirements: fromText(text) } }, { onSuccess: () => setDraft(null) })
  return (
    <section aria-labelledby="requirements">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <h2 id="requirements" className="text-base font-medium">
          Requirements
        </h2>
        {canEdit && isThere && draft === null && <AskAnew plan={plan} change={change} what="requirements" />}
      </div>
      {!isOpen ? (
        <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
          <p>{plan.state === 'reading' ? 'The model reads the idea.' : 'There are none yet.'}</p>
          {canEdit && (
            <Button size="sm" onClick={() => setDraft(toText(EMPTY))}>
              Write them yourself
            </Button>
          )}
        </div>
      ) : (
        <form
          className="space-y-3"
          onSubmit={(event) => {
            event.preventDefault()
            save()
          }}
        >
          <TextArea label="Goal" required disabled={!canEdit} value={text.goal} onChange={({ target }) => edit({ goal: target.value })} />
          <div className="grid gap-3 sm:grid-cols-2">
            {LISTS.map(({ field, label }) => (
              <TextArea
                key={field}
                label={label}
                placeholder="One on each line"
                disabled={!canEdit}
                value={text[field]}
                onChange={({ target }) => edit({ [field]: target.value })}
              />
            ))}
          </div>
          {draft !== null && (
            <div className="flex gap-2">
              <Button type="submit" variant="primary" size="sm" aria-busy={change.isPending}>
                Save requirements
              </Button>
              <Button size="sm" onClick={() => setDraft(null)}>
                Discard
              </Button>
            </div>
          )}
        </form>
      )}
    </section>
  )
}

'use client'

import { CornerDownLeft } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../controls/button.tsx'
import { ErrorLine } from '../states/error-state.tsx'
import { BranchChip, BudgetChip, ModelChip, SandboxChip } from './chips.tsx'
import { missingIn, requestOf } from './draft.ts'
import { ModeChip } from './mode-chip.tsx'
import { NotionChip } from './notion-chip.tsx'
import { RepositoryChip } from './repository-chip.tsx'
import { Starting } from './starting.tsx'
import { useDraft } from './use-draft.ts'
import { usePlanFirst } from './use-plan-first.ts'
import { useStart } from './use-start.ts'

/** Where a session begins: what should be done, where, how and for how much. Enter starts it. */
export function Composer() {
  const field = useRef<HTMLTextAreaElement>(null)
  const { draft, change, clearTask } = useDraft(field)
  const [missing, setMissing] = useState<string | null>(null)
  const start = useStart(clearTask)
  const plan = usePlanFirst(clearTask)

  useEffect(() => {
    if (new URLSearchParams(window.location.search).get('focus') === 'composer') field.current?.focus()
  }, [])

  function submit(): void {
    if (start.isPending) return
    if (draft.isNew) return planFirst()
    const request = requestOf(draft)
    setMissing(missingIn(draft))
    if (request !== null) start.mutate({ request, pageId: draft.notionPage?.id ?? null })
    else if (draft.task.trim() === '') field.current?.focus()
  }

  /** A plan needs no repository yet: it can propose one. */
  function planFirst(): void {
    if (plan.isPending) return
    const isEmpty = draft.task.trim() === ''
    setMissing(isEmpty ? 'Write the idea.' : null)
    if (isEmpty) field.current?.focus()
    else plan.mutate(draft)
  }

  const edit: typeof change = (changes) => {
    setMissing(null)
    change(changes)
  }
  const chips = { draft, onChange: edit }
  return (
    <section aria-label="New session">
      <form
        className="rounded-lg border border-border bg-surface has-[textarea:focus-visible]:border-accent has-[textarea:focus-visible]:outline-1 has-[textarea:focus-visible]:outline-accent"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <label htmlFor="composer" className="sr-only">
          What should be done?
        </label>
        <textarea
          ref={field}
          id="composer"
          // Before the scripts run a button sends the form to this page, which takes the task from its address.
          name="task"
          // What a browser puts back into the field would pass for newly typed.
          autoComplete="off"
          rows={3}
          maxLength={100_000}
          placeholder="What should be done? Describe it as you would to a colleague."
          value={draft.task}
          onChange={(event) => edit({ task: event.target.value })}
          onKeyDown={(event) => {
            // While a composition (Japanese, accents) is open, Enter ends that.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
            event.preventDefault()
            submit()
          }}
          className="block field-sizing-content max-h-[40dvh] min-h-20 w-full resize-none bg-transparent px-3.5 pt-3 pb-2 text-base outline-none placeholder:text-field-placeholder"
        />
        <div className="flex items-end gap-2 px-2 pb-2 max-sm:flex-wrap">
          <div className="flex min-w-0 flex-1 flex-wrap items-center gap-1.5 max-sm:basis-full">
            <RepositoryChip {...chips} />
            <BranchChip {...chips} />
            <SandboxChip {...chips} />
            <ModeChip value={draft.autonomy} onChoose={(autonomy) => edit({ autonomy })} />
            <ModelChip {...chips} />
            <BudgetChip {...chips} />
            <NotionChip {...chips} />
          </div>
          <Button
            size="sm"
            variant={draft.isNew ? 'primary' : 'secondary'}
            className="ml-auto shrink-0"
            aria-busy={plan.isPending}
            onClick={planFirst}
          >
            {plan.isPending ? 'Making a plan …' : 'Make a plan'}
            {draft.isNew && <CornerDownLeft aria-hidden />}
          </Button>
          {!draft.isNew && (
            <Button type="submit" variant="primary" size="sm" className="shrink-0" aria-busy={start.isPending}>
              {start.isPending ? 'Starting …' : 'Start'}
              <CornerDownLeft aria-hidden />
            </Button>
          )}
        </div>
      </form>
      <div aria-live="polite" className="mt-2 px-1 empty:hidden">
        {missing !== null && <p className="text-sm text-warning-text">{missing}</p>}
        {start.isError && <ErrorLine error={start.error} />}
        {plan.isError && <ErrorLine error={plan.error} />}
        {start.isPending && <Starting task={start.variables.request.task} sinceMs={start.submittedAt} />}
      </div>
    </section>
  )
}

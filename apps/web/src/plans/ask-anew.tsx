'use client'

import { Sparkles } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { TextArea } from '../controls/text-area.tsx'
import { ErrorLine } from '../states/error-state.tsx'
import type { SectionProps } from './plan-page.tsx'

/** Asks the model once more, with what should be different. What it wrote before is replaced by its answer. */
export function AskAnew({ plan, change, what }: Pick<SectionProps, 'plan' | 'change'> & { what: 'requirements' | 'tasks' }) {
  const [isOpen, setOpen] = useState(false)
  const [wish, setWish] = useState('')
  const ask = (): void => {
    const body = { version: plan.version, for: what, ...(wish.trim() === '' ? {} : { wish: wish.trim() }) }
    change.mutate(
      { kind: 'ask', body },
      {
        onSuccess: () => {
          setOpen(false)
          setWish('')
        },
      },
    )
  }
  return (
    <>
      <Button size="sm" variant="ghost" className="ml-auto" onClick={() => setOpen(true)}>
        <Sparkles aria-hidden />
        Ask anew
      </Button>
      {isOpen && (
        <Dialog
          title={`Ask for the ${what} anew`}
          onClose={() => setOpen(false)}
          footer={
            <Button variant="primary" aria-busy={change.isPending} onClick={ask}>
              Ask
            </Button>
          }
        >
          <TextArea
            label="What should be different?"
            hint={`The answer replaces the ${what} that are there.`}
            autoFocus
            maxLength={4_000}
            value={wish}
            onChange={({ target }) => setWish(target.value)}
          />
          {change.isError && <ErrorLine error={change.error} />}
        </Dialog>
      )}
    </>
  )
}

'use client'

import dynamic from 'next/dynamic'
import { SkeletonBar } from '../../states/skeleton.tsx'
import { useSessionView } from '../session-hooks.ts'
import type { PageView } from '../session-hooks.ts'

export type OpenAsk = NonNullable<PageView['ask']>

// Most of the time nothing is asked.
const AskForm = dynamic(async () => (await import('./ask-form.tsx')).AskForm, {
  ssr: false,
  loading: () => <SkeletonBar className="h-16 w-full" />,
})

/** The open question, above the composer so that it is never scrolled away. */
export function AskDock() {
  const view = useSessionView().data
  if (view?.ask == null) return null
  return (
    <div className="mx-auto w-full max-w-3xl px-3 pb-2 sm:px-5">
      <section
        key={view.ask.askId}
        aria-label="Waits for you"
        aria-live="polite"
        className="max-h-[55dvh] overflow-y-auto max-sm:max-h-[40dvh] rounded-lg border border-border-strong bg-surface px-3 py-2.5 text-sm"
      >
        <AskForm view={view} ask={view.ask} />
      </section>
    </div>
  )
}

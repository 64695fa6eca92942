'use client'

import type { ReactNode } from 'react'
import { useId } from 'react'
import { useMoment } from '../moment.ts'

export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="mb-5">
      <h3 id={id} className="mb-1.5 text-xs font-medium text-muted">
        {title}
      </h3>
      {children}
    </section>
  )
}

export function Facts({ facts }: { facts: readonly (readonly [string, string])[] }) {
  return (
    <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="max-w-40 text-muted">{name}</dt>
          <dd className="break-words">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

const DECISIONS = {
  allow: { name: 'goes ahead', className: 'bg-success-soft text-success-text' },
  ask: { name: 'asks you', className: 'bg-warning-soft text-warning-text' },
  deny: { name: 'refused', className: 'bg-danger-soft text-danger-text' },
} as const

export function Decision({ decision }: { decision: keyof typeof DECISIONS }) {
  const { name, className } = DECISIONS[decision]
  return <span className={`shrink-0 rounded px-1.5 py-0.5 text-2xs font-medium ${className}`}>{name}</span>
}

/** To the session as it was then. */
export function EventLink({ seq }: { seq: number }) {
  const { goTo } = useMoment()
  return (
    <button
      type="button"
      onClick={() => goTo(seq)}
      title="Look at the session as it was then"
      className="h-6 shrink-0 rounded px-1 text-xs text-accent-text tabular-nums hover:underline"
    >
      event {seq}
    </button>
  )
}

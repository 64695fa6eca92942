'use client'

import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { ErrorBoundary } from '../../states/error-boundary.tsx'
import { readStored, store } from '../../stored/local.ts'

export interface Tab {
  id: string
  name: string
  icon: React.ComponentType<{ className?: string; 'aria-hidden'?: boolean; strokeWidth?: number }>
  content: React.ComponentType
  /** A dot that says: look here. */
  hasNews?: boolean
}

interface PanelTabsProps {
  /** Remembers the chosen tab for the next session too; null: each begins with the first. */
  name: string | null
  label: string
  tabs: readonly Tab[]
  /** Brings a tab forward whenever `because` changes; null leaves it to the reader. */
  wanted?: { id: string; because: string } | null
  /** Right end of the row of tabs. */
  children?: ReactNode
}

/** Panels of which one is seen. What was looked at once stays as it was left. */
export function PanelTabs({ name, label, tabs, wanted = null, children }: PanelTabsProps) {
  const key = name === null ? null : `panel.${name}`
  const [chosen, setChosen] = useState(() => (key === null ? null : readStored(key)))
  const [followed, setFollowed] = useState<string | null>(null)
  if ((wanted?.because ?? null) !== followed) {
    setFollowed(wanted?.because ?? null)
    if (wanted !== null) setChosen(wanted.id)
  }
  const current = tabs.find((tab) => tab.id === chosen) ?? tabs[0]
  const [visited, setVisited] = useState<readonly string[]>([])
  const row = useRef<HTMLDivElement>(null)
  const id = useId()
  const currentId = current?.id
  useEffect(() => {
    row.current?.querySelector(`[data-tab="${currentId}"]`)?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  }, [currentId])
  if (current === undefined) return null
  if (!visited.includes(current.id)) setVisited([...visited, current.id])

  function choose(next: string): void {
    setChosen(next)
    if (key !== null) store(key, next)
  }

  function onKeyDown(event: KeyboardEvent): void {
    const at = tabs.indexOf(current!)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    const tab = next === undefined ? undefined : tabs.at(next % tabs.length)
    if (tab === undefined) return
    event.preventDefault()
    choose(tab.id)
    row.current?.querySelector<HTMLElement>(`[data-tab="${tab.id}"]`)?.focus()
  }

  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-9 shrink-0 items-center gap-1 border-b border-separator px-2">
        <div
          ref={row}
          role="tablist"
          aria-label={label}
          className="relative flex min-w-0 items-center gap-0.5 overflow-x-auto [scrollbar-width:none]"
          onKeyDown={onKeyDown}
        >
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              id={`${id}-${tab.id}`}
              data-tab={tab.id}
              aria-selected={tab === current}
              aria-controls={`${id}-panel-${tab.id}`}
              tabIndex={tab === current ? 0 : -1}
              className="flex h-7 shrink-0 items-center gap-1.5 rounded-md px-2 text-xs text-muted hover:text-foreground aria-selected:bg-default aria-selected:font-medium aria-selected:text-foreground"
              onClick={() => choose(tab.id)}
            >
              <tab.icon aria-hidden className="size-3.5" strokeWidth={1.75} />
              {tab.name}
              {tab.hasNews === true && <span role="img" aria-label="needs you" className="size-1.5 rounded-full bg-warning" />}
            </button>
          ))}
        </div>
        <span className="flex-1" />
        {children}
      </div>
      {tabs
        .filter((tab) => visited.includes(tab.id) || tab === current)
        .map((tab) => (
          <div
            key={tab.id}
            id={`${id}-panel-${tab.id}`}
            role="tabpanel"
            aria-labelledby={`${id}-${tab.id}`}
            hidden={tab !== current}
            className="min-h-0 flex-1 overflow-hidden"
          >
            <ErrorBoundary name={tab.name}>
              <tab.content />
            </ErrorBoundary>
          </div>
        ))}
    </div>
  )
}

'use client'

import { useEffect, useRef, type ComponentType } from 'react'
import { useMe } from '../identity/use-me.ts'
import { Page } from '../shell/page.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { AppearanceSection } from './appearance-section.tsx'
import { BudgetsSection } from './budgets-section.tsx'
import { ConnectionsSection } from './connections/connections-section.tsx'
import { KeysSection } from './keys-section.tsx'
import { ModelsSection } from './models-section.tsx'
import { NotificationsSection } from './notifications-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import { SandboxSection } from './sandbox-section.tsx'
import { sections, type SettingsSection } from './sections.ts'
import { useHash } from '../routing/use-hash.ts'

const CONTENT: Record<SettingsSection['id'], ComponentType> = {
  profile: ProfileSection,
  models: ModelsSection,
  sandbox: SandboxSection,
  budgets: BudgetsSection,
  connections: ConnectionsSection,
  keys: KeysSection,
  notifications: NotificationsSection,
  appearance: AppearanceSection,
}

/** One section at a time, named in the address after `#`. */
export function SettingsPage() {
  const hash = useHash()
  const me = useMe()
  const section = sections.find(({ id }) => id === hash) ?? sections[0]!
  const Content = CONTENT[section.id]
  const list = useRef<HTMLElement>(null)
  useEffect(() => {
    if (list.current === null) return
    // Where the sections stand in one line, also once the window has become that narrow.
    const observer = new ResizeObserver(() => list.current !== null && centreCurrent(list.current))
    observer.observe(list.current)
    return () => observer.disconnect()
  }, [section.id])
  return (
    <Page title="Settings">
      <div className="gap-10 md:flex">
        <nav
          ref={list}
          aria-label="Sections"
          className="-mx-4 mb-5 flex shrink-0 gap-px overflow-x-auto px-4 pb-1 md:mx-0 md:mb-0 md:w-44 md:flex-col md:px-0"
        >
          {sections.map(({ id, name, icon: Icon }) => (
            <a
              key={id}
              href={`#${id}`}
              aria-current={id === section.id}
              className="flex h-8 shrink-0 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-default hover:text-foreground aria-[current=true]:bg-default aria-[current=true]:font-medium aria-[current=true]:text-foreground"
            >
              <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
              {name}
            </a>
          ))}
        </nav>
        <section aria-labelledby="section-title" className="min-w-0 flex-1">
          <h2 id="section-title" className="mb-4 text-lg font-semibold tracking-tight">
            {section.name}
          </h2>
          {me.isPending && <SkeletonRows rows={4} label="your settings" />}
          {me.isError && <ErrorState error={me.error} onRetry={() => void me.refetch()} />}
          {me.data !== undefined && <Content />}
        </section>
      </div>
    </Page>
  )
}

function centreCurrent(list: HTMLElement): void {
  const current = list.querySelector('[aria-current=true]')?.getBoundingClientRect()
  const { left, width } = list.getBoundingClientRect()
  if (current !== undefined) list.scrollLeft += current.left + current.width / 2 - (left + width / 2)
}

'use client'

import { useQuery } from '@tanstack/react-query'
import type { listSessions } from '@slipway/server/contract/session-routes'
import { Command } from 'cmdk'
import { BookOpen, CircleHelp, Keyboard, LogOut, Moon, Search, SquarePen, Sun, SunMoon, type LucideIcon } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { call } from '../api/client.ts'
import { repositoryName } from '../composer/repository-name.ts'
import { useMe } from '../identity/use-me.ts'
import { addressOfHit, withoutEchoes } from '../sessions/search-hits.ts'
import { useSearch } from '../sessions/use-sessions.ts'
import { useRested } from '../sessions/use-rested.ts'
import { sections } from '../settings/sections.ts'
import { destinations } from '../shell/navigation.ts'
import { newSession } from '../shell/new-session.ts'
import { openOverlay } from '../shell/overlays.ts'
import { Keys } from '../shortcuts/keys.tsx'
import { signOutOrSayWhy } from '../sign-in/sign-out-or-say-why.ts'

/** Everything from one field: pages, sessions, what was said in them, and what can be done. */
export function CommandPalette({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  useEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    // The browser would choose the list around it.
    field.current?.focus()
    return () => opened?.close()
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-label="Search everywhere and do anything"
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className="mx-auto mt-[12dvh] mb-auto w-[calc(100%-1.5rem)] max-w-xl overflow-hidden rounded-lg bg-overlay text-foreground shadow-overlay backdrop:bg-backdrop"
    >
      <Command label="Search everywhere and do anything" loop>
        <div className="flex items-center gap-2.5 border-b border-separator px-3.5">
          <Search aria-hidden className="size-4 shrink-0 text-muted" />
          <Command.Input
            ref={field}
            // Uncontrolled: so the choice follows each key at once, also when Enter comes right behind it.
            onValueChange={setTyped}
            placeholder="Go somewhere, find a session, do something"
            className="h-11 w-full bg-transparent text-base outline-none placeholder:text-field-placeholder"
          />
        </div>
        <Command.List className="max-h-[min(24rem,60dvh)] overflow-y-auto p-1.5">
          <Command.Empty className="px-2.5 py-6 text-center text-sm text-muted">Nothing of that name.</Command.Empty>
          <Actions onClose={onClose} />
          <Sessions onClose={onClose} />
          <Hits typed={typed} onClose={onClose} />
        </Command.List>
      </Command>
    </dialog>
  )
}

function Actions({ onClose }: { onClose(): void }) {
  const router = useRouter()
  const { setTheme } = useTheme()
  const { data: me } = useMe()
  const then = (run: () => void) => (): void => {
    onClose()
    // The field that it leads to can only be reached once the modal is gone.
    setTimeout(run, 0)
  }
  return (
    <>
      <Group heading="Do">
        <Item icon={SquarePen} keys="n" onSelect={then(() => newSession(router.push))}>
          New session
        </Item>
        <Item icon={CircleHelp} keys="h" onSelect={() => openOverlay('help')}>
          Help
        </Item>
        <Item icon={BookOpen} onSelect={() => openOverlay('tutorial')}>
          Short tutorial
        </Item>
        <Item icon={Keyboard} keys="?" onSelect={() => openOverlay('shortcuts')}>
          Keyboard shortcuts
        </Item>
        <Item icon={Sun} onSelect={then(() => setTheme('light'))}>
          Light theme
        </Item>
        <Item icon={Moon} onSelect={then(() => setTheme('dark'))}>
          Dark theme
        </Item>
        <Item icon={SunMoon} onSelect={then(() => setTheme('system'))}>
          Theme of the system
        </Item>
        <Item icon={LogOut} onSelect={then(signOutOrSayWhy)}>
          Sign out
        </Item>
      </Group>
      <Group heading="Go to">
        {destinations
          .filter(({ isForAdministrators }) => me?.role === 'administrator' || !isForAdministrators)
          .map(({ href, name, icon, key }) => (
            <Item key={href} icon={icon} keys={`g ${key}`} onSelect={then(() => router.push(href))}>
              {name}
            </Item>
          ))}
        {sections.map(({ id, name, icon }) => (
          <Item key={id} icon={icon} value={`Settings ${name}`} onSelect={then(() => router.push(`/settings#${id}`))}>
            Settings: {name}
          </Item>
        ))}
      </Group>
    </>
  )
}

function Sessions({ onClose }: { onClose(): void }) {
  const router = useRouter()
  const { data } = useQuery({
    queryKey: ['sessions', 'palette'],
    queryFn: ({ signal }) => call<typeof listSessions>('GET /sessions', { query: { limit: 30 }, signal }),
  })
  return (
    <Group heading="Sessions">
      {data?.sessions.map(({ id, title, repository }) => (
        <Item
          key={id}
          value={`${title} ${id}`}
          onSelect={() => {
            onClose()
            router.push(`/sessions/${id}`)
          }}
        >
          <span className="min-w-0 flex-1 truncate">{title}</span>
          <span className="max-w-32 shrink-0 truncate text-xs text-muted">{repositoryName(repository)}</span>
        </Item>
      ))}
    </Group>
  )
}

/** Places of the words that the palette shows; the search shows the others. */
const MOST_HITS = 8

function Hits({ typed, onClose }: { typed: string; onClose(): void }) {
  const router = useRouter()
  const words = useRested(typed.trim())
  const { data } = useSearch(words.length > 2 ? words : '')
  if (words.length <= 2 || data === undefined || data.hits.length === 0) return null
  const hits = withoutEchoes(data.hits)
  const isMore = hits.length > MOST_HITS
  return (
    <Group
      heading={
        isMore ? `Said and done in sessions, ${MOST_HITS} of ${hits.length}${data.isCut ? ' or more' : ''}` : 'Said and done in sessions'
      }
    >
      {hits.slice(0, MOST_HITS).map((hit) => (
        <Item
          // Made anew with each key: a group whose items only change their value stays hidden once none of them matched.
          key={`${typed} ${hit.sessionId} ${hit.seq}`}
          // The server has searched: whatever is typed now must match it.
          value={`${typed} ${hit.sessionId} ${hit.seq}`}
          onSelect={() => {
            onClose()
            router.push(addressOfHit(hit))
          }}
        >
          <span className="min-w-0 flex-1">
            <span className="block truncate">{hit.title}</span>
            <span className="block truncate text-xs text-muted">{hit.excerpt.map(({ text }) => text).join('')}</span>
          </span>
        </Item>
      ))}
      {isMore && (
        <Item
          key={`${typed} all`}
          icon={Search}
          value={`${typed} all that was found`}
          onSelect={() => {
            onClose()
            router.push(`/?${new URLSearchParams({ q: words })}`)
          }}
        >
          Show all that was found for “{words}”
        </Item>
      )}
    </Group>
  )
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="**:[[cmdk-group-heading]]:px-2.5 **:[[cmdk-group-heading]]:pt-2 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-2xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  )
}

interface ItemProps {
  icon?: LucideIcon
  keys?: string
  value?: string
  onSelect(): void
  children: ReactNode
}

function Item({ icon: Icon, keys, value, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 py-1.5 text-sm data-[selected=true]:bg-default"
    >
      {Icon !== undefined && <Icon aria-hidden className="size-4 shrink-0 text-muted" strokeWidth={1.75} />}
      {children}
      {keys !== undefined && (
        <span className="ml-auto">
          <Keys keys={keys} />
        </span>
      )}
    </Command.Item>
  )
}

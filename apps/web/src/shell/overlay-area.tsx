'use client'

import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useEffect, useMemo } from 'react'
import { useMe } from '../identity/use-me.ts'
import { listenForShortcuts, useShortcuts, type Shortcut } from '../shortcuts/shortcuts.ts'
import { closeOverlay, openOverlay, useOverlay } from './overlays.ts'
import { destinations } from './navigation.ts'
import { newSession } from './new-session.ts'

const loadPalette = async () => (await import('../palette/command-palette.tsx')).CommandPalette
const CommandPalette = dynamic(loadPalette, { ssr: false })
const ShortcutList = dynamic(() => import('../help/shortcut-list.tsx').then((module) => module.ShortcutList), { ssr: false })
const HelpPanel = dynamic(() => import('../help/help-panel.tsx').then((module) => module.HelpPanel), { ssr: false })
const Tutorial = dynamic(() => import('../help/tutorial.tsx').then((module) => module.Tutorial), { ssr: false })

/** Shortcuts that count on every page, and what they open. */
export function OverlayArea() {
  const overlay = useOverlay()
  const router = useRouter()
  const { data: me } = useMe()
  const role = me?.role
  const shortcuts = useMemo(() => general((href) => router.push(href), role === 'administrator'), [router, role])
  useShortcuts(shortcuts)
  useEffect(listenForShortcuts, [])
  // Whoever opens it types at once. What cannot be fetched is tried again, and told, when it is needed.
  useEffect(() => void loadPalette().catch(() => undefined), [])
  useEffect(() => closeOverlay, [])
  if (overlay === 'palette') return <CommandPalette onClose={closeOverlay} />
  if (overlay === 'shortcuts') return <ShortcutList onClose={closeOverlay} />
  if (overlay === 'help') return <HelpPanel onClose={closeOverlay} />
  if (overlay === 'tutorial') return <Tutorial onClose={closeOverlay} />
  return null
}

function general(go: (href: string) => void, isAdministrator: boolean): Shortcut[] {
  return [
    { keys: 'mod+k', name: 'Search everywhere and do anything', group: 'Anywhere', run: () => openOverlay('palette') },
    { keys: '?', name: 'List the shortcuts', group: 'Anywhere', run: () => openOverlay('shortcuts') },
    { keys: 'h', name: 'Open the help', group: 'Anywhere', run: () => openOverlay('help') },
    { keys: 'n', name: 'New session', group: 'Sessions', run: () => newSession(go) },
    { keys: '/', name: 'Search in all sessions', group: 'Sessions', run: () => search(go) },
    ...destinations
      .filter(({ isForAdministrators }) => isAdministrator || !isForAdministrators)
      .map(({ href, name, key }): Shortcut => ({ keys: `g ${key}`, name, group: 'Go to', run: () => go(href) })),
  ]
}

function search(go: (href: string) => void): void {
  const field = document.querySelector<HTMLElement>('#session-search')
  if (field === null) go('/')
  else field.focus()
}

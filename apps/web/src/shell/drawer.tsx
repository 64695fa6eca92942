'use client'

import { X } from 'lucide-react'
import { useEffect } from 'react'
import { NavigationLinks } from './navigation-links.tsx'
import { SidebarFooter } from './sidebar-footer.tsx'
import { Wordmark } from './wordmark.tsx'

const ID = 'navigation-drawer'

const dialog = (): HTMLDialogElement | null => document.querySelector<HTMLDialogElement>(`#${ID}`)

/** Shows the navigation over a narrow page. */
export function openDrawer(): void {
  dialog()?.showModal()
}

function closeDrawer(): void {
  dialog()?.close()
}

/** From here on the sidebar is there, which makes the drawer a second one. */
const WIDE = '(min-width: 768px)'

/** The sidebar of narrow screens: the browser's own modal, with its focus and Escape. */
export function Drawer() {
  useEffect(() => {
    const media = window.matchMedia(WIDE)
    const closeWhenWide = (): void => {
      if (media.matches) closeDrawer()
    }
    media.addEventListener('change', closeWhenWide)
    return () => media.removeEventListener('change', closeWhenWide)
  }, [])
  return (
    <dialog
      id={ID}
      aria-label="Navigation"
      className="m-0 h-dvh max-h-none w-64 border-r border-border bg-surface-secondary text-foreground backdrop:bg-backdrop"
      onClick={(event) => event.target === event.currentTarget && closeDrawer()}
    >
      <div className="flex h-(--top-bar-height) items-center gap-2 px-2">
        <Wordmark />
        <button
          type="button"
          aria-label="Close navigation"
          className="ml-auto flex size-8 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground"
          onClick={closeDrawer}
        >
          <X aria-hidden className="size-4" />
        </button>
      </div>
      <div className="flex h-[calc(100%-var(--top-bar-height))] flex-col" onClick={closeDrawer}>
        <NavigationLinks />
        <SidebarFooter />
      </div>
    </dialog>
  )
}

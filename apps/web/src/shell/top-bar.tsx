'use client'

import { Menu } from 'lucide-react'
import type { ReactNode } from 'react'
import { openDrawer } from './drawer.tsx'

/** `heading` takes the place of the plain title; it holds the page's h1. */
export function TopBar({ title, heading, actions }: { title: string; heading?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="flex h-(--top-bar-height) shrink-0 items-center gap-2 border-b border-separator bg-background px-3 sm:px-4">
      <button
        type="button"
        aria-label="Open navigation"
        aria-haspopup="dialog"
        className="-ml-1 flex size-8 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground md:hidden"
        onClick={openDrawer}
      >
        <Menu aria-hidden className="size-4" />
      </button>
      {heading ?? <h1 className="min-w-0 truncate text-sm font-medium">{title}</h1>}
      <div className="ml-auto flex shrink-0 items-center gap-1.5">{actions}</div>
    </header>
  )
}

'use client'

import type { ReactNode } from 'react'
import { TopBar } from './top-bar.tsx'
import { WindowTitle } from './window-title.tsx'

interface PageProps {
  /** In the top bar and in the title of the window. */
  title: string
  /** In the top bar instead of the title; holds the h1. */
  heading?: ReactNode
  /** Right end of the top bar. */
  actions?: ReactNode
  /** `fill`: the page scrolls by itself and takes the whole height (the session page). Default: a scrolling column. */
  layout?: 'column' | 'wide' | 'fill'
  children: ReactNode
}

const WIDTH = { column: 'mx-auto w-full max-w-4xl px-4 py-6 sm:px-6', wide: 'mx-auto w-full max-w-7xl px-4 py-6 sm:px-6', fill: 'h-full' }

/** Frame of every page inside the shell: top bar, then the content as `main`. */
export function Page({ title, heading, actions, layout = 'column', children }: PageProps) {
  return (
    <div className="flex h-dvh min-w-0 flex-1 flex-col">
      <WindowTitle title={title} />
      <TopBar title={title} heading={heading} actions={actions} />
      <main id="main" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto outline-none">
        <div className={WIDTH[layout]}>{children}</div>
      </main>
    </div>
  )
}

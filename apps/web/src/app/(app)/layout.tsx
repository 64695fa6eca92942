import type { ReactNode } from 'react'
import { ListStream } from '../../live/list-stream.ts'
import { NeedsYouWatch } from '../../notifications/needs-you-watch.tsx'
import { Drawer } from '../../shell/drawer.tsx'
import { OverlayArea } from '../../shell/overlay-area.tsx'
import { Sidebar } from '../../shell/sidebar.tsx'

export default function AppLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex h-dvh overflow-hidden">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-overlay focus:px-3 focus:py-1.5 focus:shadow-overlay"
      >
        Skip to the content
      </a>
      <Sidebar />
      <Drawer />
      {children}
      <OverlayArea />
      <ListStream />
      <NeedsYouWatch />
    </div>
  )
}

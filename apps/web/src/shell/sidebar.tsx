'use client'

import { PanelLeft } from 'lucide-react'
import { NavigationLinks } from './navigation-links.tsx'
import { SidebarFooter } from './sidebar-footer.tsx'
import { toggleSidebar, useIsSidebarCollapsed } from './sidebar-state.ts'
import { Wordmark } from './wordmark.tsx'

/** Left edge from 768 px on; below that the same links are in the drawer. */
export function Sidebar() {
  const isCollapsed = useIsSidebarCollapsed()
  return (
    <aside
      data-collapsed={isCollapsed}
      className="hidden h-dvh w-(--sidebar-width) shrink-0 flex-col border-r border-separator bg-surface-secondary data-[collapsed=true]:w-12 md:flex"
    >
      <div className="flex h-(--top-bar-height) items-center gap-2 px-2">
        {!isCollapsed && <Wordmark />}
        <button
          type="button"
          aria-label={isCollapsed ? 'Widen the sidebar' : 'Narrow the sidebar'}
          aria-expanded={!isCollapsed}
          className="ml-auto flex size-8 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground"
          onClick={toggleSidebar}
        >
          <PanelLeft aria-hidden className="size-4" />
        </button>
      </div>
      <NavigationLinks isCollapsed={isCollapsed} />
      <SidebarFooter isCollapsed={isCollapsed} />
    </aside>
  )
}

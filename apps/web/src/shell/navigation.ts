import { ChartNoAxesColumn, Columns3, Inbox, ListChecks, Settings, Shield, type LucideIcon } from 'lucide-react'

export interface Destination {
  href: string
  name: string
  icon: LucideIcon
  /** Pressed after `g`. */
  key: string
  isForAdministrators: boolean
}

/** The pages of the sidebar, in its order. */
export const destinations: readonly Destination[] = [
  { href: '/', name: 'Sessions', icon: Inbox, key: 's', isForAdministrators: false },
  { href: '/plans', name: 'Plans', icon: ListChecks, key: 'p', isForAdministrators: false },
  { href: '/board', name: 'Board', icon: Columns3, key: 'b', isForAdministrators: false },
  { href: '/usage', name: 'Usage', icon: ChartNoAxesColumn, key: 'u', isForAdministrators: false },
  { href: '/settings', name: 'Settings', icon: Settings, key: 'e', isForAdministrators: false },
  { href: '/admin', name: 'Admin', icon: Shield, key: 'a', isForAdministrators: true },
]

/** Whether a page lies under this destination; sessions belong to the first. */
export function isUnder(pathname: string, href: string): boolean {
  if (href === '/') return pathname === '/' || pathname.startsWith('/sessions/')
  return pathname === href || pathname.startsWith(`${href}/`)
}

'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useMe } from '../identity/use-me.ts'
import { destinations, isUnder } from './navigation.ts'

/** The pages, with the current one marked. */
export function NavigationLinks({ isCollapsed = false }: { isCollapsed?: boolean }) {
  const pathname = usePathname()
  const { data: me } = useMe()
  const shown = destinations.filter(({ isForAdministrators }) => me?.role === 'administrator' || !isForAdministrators)
  return (
    <nav aria-label="Pages" className="flex flex-col gap-px px-2 py-1">
      {shown.map(({ href, name, icon: Icon }) => (
        <Link
          key={href}
          href={href}
          prefetch={false}
          aria-current={isUnder(pathname, href) ? 'page' : undefined}
          aria-label={isCollapsed ? name : undefined}
          title={isCollapsed ? name : undefined}
          className="flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-default hover:text-foreground aria-[current=page]:bg-default aria-[current=page]:font-medium aria-[current=page]:text-foreground"
        >
          <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
          {!isCollapsed && name}
        </Link>
      ))}
    </nav>
  )
}

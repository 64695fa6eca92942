'use client'

import { CircleHelp, LogOut, Search, type LucideIcon } from 'lucide-react'
import Link from 'next/link'
import { useMe } from '../identity/use-me.ts'
import { Keys } from '../shortcuts/keys.tsx'
import { signOutOrSayWhy } from '../sign-in/sign-out-or-say-why.ts'
import { openOverlay } from './overlays.ts'

/** Search, help, and who is signed in. */
export function SidebarFooter({ isCollapsed = false }: { isCollapsed?: boolean }) {
  const { data: me } = useMe()
  const name = me?.name || me?.email || 'You'
  return (
    <div className="mt-auto flex flex-col gap-px border-t border-separator px-2 py-2">
      <FooterButton icon={Search} name="Search" keys="mod+k" isCollapsed={isCollapsed} onClick={() => openOverlay('palette')} />
      <FooterButton icon={CircleHelp} name="Help" keys="h" isCollapsed={isCollapsed} onClick={() => openOverlay('help')} />
      {me !== undefined && (
        <div className={`mt-1 flex items-center gap-2 ${isCollapsed ? 'flex-col' : ''}`}>
          <Link
            href="/settings#profile"
            prefetch={false}
            title={isCollapsed ? name : undefined}
            {...(isCollapsed ? { 'aria-label': `Profile of ${name}` } : {})}
            className="flex min-w-0 flex-1 items-center gap-2 rounded-md p-1 text-sm hover:bg-default"
          >
            <span
              aria-hidden
              className="flex size-6 shrink-0 items-center justify-center rounded-full bg-accent-soft text-2xs font-semibold text-accent-text uppercase"
            >
              {name.slice(0, 1)}
            </span>
            {!isCollapsed && (
              <span className="min-w-0 truncate">
                <span className="sr-only">Profile of </span>
                {name}
              </span>
            )}
          </Link>
          {me.via === 'cookie' && (
            <button
              type="button"
              aria-label="Sign out"
              title="Sign out"
              onClick={signOutOrSayWhy}
              className="flex size-7 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground"
            >
              <LogOut aria-hidden className="size-3.5" />
            </button>
          )}
        </div>
      )}
    </div>
  )
}

interface FooterButtonProps {
  icon: LucideIcon
  name: string
  keys: string
  isCollapsed: boolean
  onClick(): void
}

function FooterButton({ icon: Icon, name, keys, isCollapsed, onClick }: FooterButtonProps) {
  return (
    <button
      type="button"
      aria-label={isCollapsed ? name : undefined}
      title={isCollapsed ? name : undefined}
      onClick={onClick}
      className="flex h-8 items-center gap-2.5 rounded-md px-2 text-sm text-muted hover:bg-default hover:text-foreground"
    >
      <Icon aria-hidden className="size-4 shrink-0" strokeWidth={1.75} />
      {!isCollapsed && (
        <>
          {name}
          <span className="ml-auto">
            <Keys keys={keys} />
          </span>
        </>
      )}
    </button>
  )
}

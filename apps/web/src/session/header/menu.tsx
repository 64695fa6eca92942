'use client'

import type { LucideIcon } from 'lucide-react'
import { useId, useRef, type KeyboardEvent, type ReactNode } from 'react'

export interface MenuItem {
  name: string
  icon: LucideIcon
  /** An address to download or go to, in place of `onChoose`. */
  href?: string
  /** It cannot be taken back. */
  isDanger?: boolean
  onChoose?: () => void
}

/** A button that opens a list of things to do. The browser closes it on Escape and on a click elsewhere. */
export function Menu({ label, items, children }: { label: string; items: readonly MenuItem[]; children: ReactNode }) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  function place(): void {
    const rect = button.current?.getBoundingClientRect()
    if (rect === undefined || list.current === null) return
    list.current.style.top = `${rect.bottom + 4}px`
    list.current.style.right = `${Math.max(8, window.innerWidth - rect.right)}px`
  }

  function onKeyDown(event: KeyboardEvent): void {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])]
    const at = entries.indexOf(document.activeElement as HTMLElement)
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: entries.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    entries.at(next % entries.length)?.focus()
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        aria-haspopup="menu"
        title={label}
        className="flex size-8 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground"
      >
        {children}
      </button>
      <div
        ref={list}
        id={id}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className="fixed inset-auto m-0 min-w-52 rounded-lg bg-overlay p-1 text-foreground shadow-overlay"
        onBeforeToggle={place}
        onToggle={(event) => event.newState === 'open' && list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus()}
        onKeyDown={onKeyDown}
      >
        {items.map((item) => (
          <Entry key={item.name} item={item} close={() => list.current?.hidePopover()} />
        ))}
      </div>
    </>
  )
}

function Entry({ item: { name, icon: Icon, href, isDanger = false, onChoose }, close }: { item: MenuItem; close: () => void }) {
  const className = `flex h-8 w-full items-center gap-2 rounded-md px-2 text-left text-sm hover:bg-default focus-visible:bg-default ${isDanger ? 'text-danger-text' : ''}`
  const content = (
    <>
      <Icon aria-hidden className={`size-4 ${isDanger ? '' : 'text-muted'}`} strokeWidth={1.75} />
      {name}
    </>
  )
  if (href !== undefined)
    return (
      <a role="menuitem" tabIndex={-1} href={href} download className={className} onClick={close}>
        {content}
      </a>
    )
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className={className}
      onClick={() => {
        close()
        onChoose?.()
      }}
    >
      {content}
    </button>
  )
}

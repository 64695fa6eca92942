'use client'

import { ChevronDown, type LucideIcon } from 'lucide-react'
import { useEffect, useEffectEvent, useId, useRef, useState, type ReactNode } from 'react'

interface ChipProps {
  icon: LucideIcon
  /** What is chosen here, for screen readers: `Model`. */
  label: string
  /** What is chosen now. */
  value: ReactNode
  /** Something is missing; drawn as such. */
  isMissing?: boolean
  isDisabled?: boolean
  /** Called when the pointer or the focus comes near, to fetch what the popover needs. */
  onNear?(): void
  onOpenChange?(isOpen: boolean): void
  /** Content of the popover, drawn while it is open. */
  children(close: () => void): ReactNode
}

const GAP_PX = 4
const EDGE_PX = 8

/** A small button that shows a choice and opens it: the browser's own popover, closed by Escape or a click elsewhere. */
export function Chip({ icon: Icon, label, value, isMissing = false, isDisabled = false, onNear, onOpenChange, children }: ChipProps) {
  const id = useId()
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const popover = useRef<HTMLDivElement>(null)
  const close = (): void => {
    popover.current?.hidePopover()
    button.current?.focus()
  }

  function showOpen(isNowOpen: boolean): void {
    setOpen(isNowOpen)
    onOpenChange?.(isNowOpen)
    if (isNowOpen) place(button.current, popover.current)
  }
  // The browser opens it without the scripts of the page: they may come after that.
  const fillOpened = useEffectEvent(() => {
    if (popover.current?.matches(':popover-open')) showOpen(true)
  })
  useEffect(() => fillOpened(), [])

  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        disabled={isDisabled}
        data-missing={isMissing}
        onPointerEnter={onNear}
        onFocus={onNear}
        className="group flex h-7 max-w-full min-w-0 items-center gap-1.5 rounded-md border border-border px-2 text-xs text-foreground hover:border-border-strong hover:bg-surface-secondary aria-expanded:border-border-strong aria-expanded:bg-surface-secondary disabled:opacity-60 data-[missing=true]:border-dashed data-[missing=true]:text-muted"
      >
        <Icon aria-hidden className="size-3.5 shrink-0 text-muted" />
        <span className="sr-only">{label}: </span>
        <span className="min-w-0 truncate">{value}</span>
        <ChevronDown aria-hidden className="size-3 shrink-0 text-muted" />
      </button>
      <div
        ref={popover}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={label}
        onToggle={(event) => showOpen(event.newState === 'open')}
        className="m-0 max-h-[min(24rem,calc(100dvh-1rem))] w-84 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg bg-overlay p-1 text-foreground shadow-overlay"
      >
        {isOpen && children(close)}
      </div>
    </>
  )
}

/** Below the button, above it where there is no room, and never outside of the window. */
function place(button: HTMLElement | null, popover: HTMLElement | null): void {
  if (button === null || popover === null) return
  const anchor = button.getBoundingClientRect()
  const roomBelow = window.innerHeight - anchor.bottom
  const isBelow = roomBelow > 300 || roomBelow > anchor.top
  const left = Math.max(EDGE_PX, Math.min(anchor.left, window.innerWidth - popover.offsetWidth - EDGE_PX))
  popover.style.left = `${left}px`
  popover.style.right = 'auto'
  popover.style.top = isBelow ? `${anchor.bottom + GAP_PX}px` : 'auto'
  popover.style.bottom = isBelow ? 'auto' : `${window.innerHeight - anchor.top + GAP_PX}px`
  popover.style.maxHeight = `${Math.min(384, (isBelow ? roomBelow : anchor.top) - GAP_PX - EDGE_PX)}px`
}

'use client'

import { X } from 'lucide-react'
import { useEffect, useId, useRef, type ReactNode } from 'react'

interface DialogProps {
  title: string
  /** Also for Escape and a click outside. */
  onClose(): void
  children: ReactNode
  /** At the lower edge, right. */
  footer?: ReactNode
  width?: 'sm' | 'md' | 'lg'
}

const WIDTH = { sm: 'max-w-sm', md: 'max-w-lg', lg: 'max-w-3xl' }

/** A modal of the browser itself: focus stays inside and returns, the page behind is inert. Render it while it is open. */
export function Dialog({ title, onClose, children, footer, width = 'md' }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = ref.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => event.target === event.currentTarget && onClose()}
      className={`m-auto max-h-[calc(100dvh-2rem)] w-[calc(100%-1.5rem)] ${WIDTH[width]} overflow-hidden rounded-lg bg-overlay text-foreground shadow-overlay backdrop:bg-backdrop open:flex`}
    >
      <div className="flex min-h-0 w-full flex-col">
        <header className="flex items-center gap-2 border-b border-separator py-2 pr-2 pl-4">
          <h2 id={id} className="text-sm font-medium">
            {title}
          </h2>
          <button
            type="button"
            aria-label="Close"
            onClick={onClose}
            className="ml-auto flex size-7 items-center justify-center rounded-md text-muted hover:bg-default hover:text-foreground"
          >
            <X aria-hidden className="size-4" />
          </button>
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto px-4 py-4">{children}</div>
        {footer !== undefined && <footer className="flex justify-end gap-2 border-t border-separator px-4 py-3">{footer}</footer>}
      </div>
    </dialog>
  )
}

'use client'

import { CircleCheck, TriangleAlert, X } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { toasts, type Toast } from './toasts.ts'

const none: readonly Toast[] = []

/** Once per page, in the providers. Screen readers hear what appears in it. */
export function ToastArea() {
  const shown = useSyncExternalStore(toasts.subscribe, toasts.list, () => none)
  return (
    <section
      aria-label="Notes"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-3 bottom-3 z-50 flex flex-col items-end gap-2 sm:left-auto sm:w-96"
      onPointerEnter={toasts.pause}
      onPointerLeave={toasts.go}
      onFocus={toasts.pause}
      onBlur={toasts.go}
    >
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>
  )
}

function ToastCard({ toast }: { toast: Toast }) {
  const Icon = toast.kind === 'done' ? CircleCheck : TriangleAlert
  return (
    <div className="pointer-events-auto flex w-full items-start gap-2 rounded-lg bg-overlay py-2 pr-1.5 pl-3 text-sm shadow-overlay">
      <Icon aria-hidden className={`mt-1 size-4 shrink-0 ${toast.kind === 'done' ? 'text-success-text' : 'text-danger-text'}`} />
      <p className="min-w-0 flex-1 py-0.5 break-words">{toast.text}</p>
      {toast.undo !== null && (
        <button type="button" className="h-6 rounded px-2 font-medium text-accent-text hover:bg-default" onClick={toast.undo}>
          Undo
        </button>
      )}
      <button
        type="button"
        aria-label="Close this note"
        className="flex size-6 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground"
        onClick={() => toasts.close(toast.id)}
      >
        <X aria-hidden className="size-3.5" />
      </button>
    </div>
  )
}

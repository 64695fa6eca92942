// Short notes at the edge of the page. What was done can be undone from here while the note stands.

export interface Toast {
  id: number
  text: string
  kind: 'done' | 'problem'
  undo: (() => void) | null
}

interface ToastInput {
  text: string
  kind?: Toast['kind']
  /** Shown as a button; called at most once. */
  undo?: () => void
}

const SHOWN_MS = 6_000
const SHOWN_WITH_UNDO_MS = 10_000
const MOST_AT_ONCE = 4

export interface Toasts {
  add(input: ToastInput): void
  close(id: number): void
  /** While somebody reads or reaches for them, none goes away. */
  pause(): void
  go(): void
  list(): readonly Toast[]
  subscribe(listener: () => void): () => void
}

/** One list. */
function makeToasts(): Toasts {
  let shown: readonly Toast[] = []
  let lastId = 0
  let isPaused = false
  const listeners = new Set<() => void>()
  const timers = new Map<number, ReturnType<typeof setTimeout>>()

  function show(next: readonly Toast[]): void {
    shown = next
    for (const listener of listeners) listener()
  }

  function startTimer(toast: Toast): void {
    if (isPaused) return
    const ms = toast.undo === null ? SHOWN_MS : SHOWN_WITH_UNDO_MS
    timers.set(
      toast.id,
      setTimeout(() => close(toast.id), ms),
    )
  }

  function stopTimer(id: number): void {
    clearTimeout(timers.get(id))
    timers.delete(id)
  }

  function close(id: number): void {
    stopTimer(id)
    show(shown.filter((toast) => toast.id !== id))
  }

  return {
    add({ text, kind = 'done', undo }) {
      const id = ++lastId
      let isUndone = false
      const undoOnce = (): void => {
        if (isUndone) return
        isUndone = true
        close(id)
        undo?.()
      }
      const toast: Toast = { id, text, kind, undo: undo === undefined ? null : undoOnce }
      for (const old of shown.slice(0, Math.max(0, shown.length + 1 - MOST_AT_ONCE))) stopTimer(old.id)
      show([...shown, toast].slice(-MOST_AT_ONCE))
      startTimer(toast)
    },
    close,
    pause() {
      isPaused = true
      for (const id of timers.keys()) stopTimer(id)
    },
    go() {
      isPaused = false
      for (const toast of shown) startTimer(toast)
    },
    list: () => shown,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** Of this page. */
export const toasts = makeToasts()

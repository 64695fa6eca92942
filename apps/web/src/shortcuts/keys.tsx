'use client'

import { useHydrated } from '../routing/use-hydrated.ts'

/** `mod+k` and `g s` as keys to press. */
export function Keys({ keys }: { keys: string }) {
  const isHydrated = useHydrated()
  const mod = isHydrated && /Mac|iPhone|iPad/.test(navigator.platform) ? '⌘' : 'Ctrl'
  const isPair = keys.includes(' ')
  return (
    <span className="inline-flex items-center gap-1 text-2xs text-muted">
      {keys.split(/[ +]/).map((key, at) => (
        <span key={key} className="inline-flex items-center gap-1">
          {at > 0 && isPair && <span>then</span>}
          <kbd className="inline-flex h-4.5 min-w-4.5 items-center justify-center rounded border border-border bg-surface px-1 font-sans">
            {key === 'mod' ? mod : key.length === 1 ? key.toUpperCase() : key}
          </kbd>
        </span>
      ))}
    </span>
  )
}

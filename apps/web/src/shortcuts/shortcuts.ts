// Keys that do something anywhere on a page. What is registered is what `?` lists; single keys rest while somebody types.

import { useEffect, useSyncExternalStore } from 'react'
import { isOverlayOpen } from '../shell/overlays.ts'

export interface Shortcut {
  /** `mod+k`, `?`, `/`, or one key after another: `g s`. `mod` is ⌘ on a Mac, else Ctrl. */
  keys: string
  /** What it does: `Search everywhere`. */
  name: string
  group: 'Anywhere' | 'Go to' | 'Sessions' | 'Session'
  run(): void
}

/** After this the first key of a pair is forgotten. */
const PAIR_MS = 1_000

let registered: readonly Shortcut[] = []
const listeners = new Set<() => void>()
let first: { key: string; atMs: number } | null = null

/** Adds shortcuts; returns how to take them away. Later ones win over earlier ones with the same keys. */
export function registerShortcuts(added: readonly Shortcut[]): () => void {
  set([...registered, ...added])
  return () => set(registered.filter((shortcut) => !added.includes(shortcut)))
}

/** The same for as long as a component is there. `shortcuts` must not change with every rendering. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  useEffect(() => registerShortcuts(shortcuts), [shortcuts])
}

export function useRegisteredShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => registered,
    () => registered,
  )
}

/** What a key press asks for; null when it is nobody's. */
function shortcutFor(event: KeyboardEvent, nowMs: number): Shortcut | null {
  const before = first !== null && nowMs - first.atMs < PAIR_MS ? first.key : null
  first = null
  if (event.isComposing || event.altKey) return null
  const isMod = event.metaKey || event.ctrlKey
  // What is typed for something that is being opened is no key of the page behind it.
  if (!isMod && (isOverlayOpen() || isTyping(event.target))) return null
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key
  if (isMod) return find(`mod+${key}`)
  const pair = before === null ? null : find(`${before} ${key}`)
  if (pair !== null) return pair
  if (registered.some(({ keys }) => keys.startsWith(`${key} `))) first = { key, atMs: nowMs }
  return find(key)
}

/** Listens on the whole page; returns how to stop. */
export function listenForShortcuts(): () => void {
  const listen = (event: KeyboardEvent): void => {
    const shortcut = shortcutFor(event, event.timeStamp)
    if (shortcut === null) return
    event.preventDefault()
    shortcut.run()
  }
  document.addEventListener('keydown', listen)
  return () => document.removeEventListener('keydown', listen)
}

function find(keys: string): Shortcut | null {
  return registered.findLast((shortcut) => shortcut.keys === keys) ?? null
}

/** Also inside of a modal, single keys belong to what is open. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('dialog[open]') !== null) return true
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button', 'submit'].includes(target.type)
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}

function set(next: readonly Shortcut[]): void {
  registered = next
  for (const listener of listeners) listener()
}

// What this browser remembers. Private windows and full disks refuse; a page works without.

const PREFIX = 'slipway.'

export function readStored(key: string): string | null {
  try {
    return window.localStorage.getItem(PREFIX + key)
  } catch {
    return null
  }
}

/** null forgets it. */
export function store(key: string, value: string | null): void {
  try {
    if (value === null) window.localStorage.removeItem(PREFIX + key)
    else window.localStorage.setItem(PREFIX + key, value)
  } catch {
    // Not remembered, then.
  }
}

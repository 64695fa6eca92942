const PROTOCOLS = new Set(['http:', 'https:', 'mailto:'])

/** The address when a link in somebody else's text may lead there; null when it may not. */
export function safeUrl(href: unknown): URL | null {
  if (typeof href !== 'string') return null
  try {
    const url = new URL(href)
    return PROTOCOLS.has(url.protocol) && url.username === '' ? url : null
  } catch {
    return null
  }
}

/** Where an address leads, in as few words as are honest. */
export function destinationOf(url: URL): string {
  return url.protocol === 'mailto:' ? url.pathname : url.host
}

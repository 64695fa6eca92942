/** Calls the listener whenever the address of the page has changed, by whatever means. Returns how to stop. */
export function onAddressChange(listener: () => void): () => void {
  const ended = new AbortController()
  const options = { signal: ended.signal }
  window.addEventListener('hashchange', listener, options)
  window.addEventListener('popstate', listener, options)
  // The router changes the address without either of these, in the middle of drawing the page.
  if ('navigation' in window) window.navigation.addEventListener('currententrychange', () => queueMicrotask(listener), options)
  return () => ended.abort()
}

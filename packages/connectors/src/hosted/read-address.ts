// The address of a forge, as somebody set it.

/** Without a trailing slash. Refuses what would show a token to others. */
export function readAddress(name: string, text: string): { ok: true; address: string } | { ok: false; message: string } {
  const refuse = (reason: string) => ({ ok: false as const, message: `${name} ${reason}` })
  if (!URL.canParse(text)) return refuse('is not an address. Write it like https://git.example.org.')
  const url = new URL(text)
  if (url.username || url.password)
    return refuse(`holds a credential. Remove it and set ${name.replace(/_(API_)?URL$/, '')}_TOKEN instead.`)
  if (url.search || url.hash) return refuse('may not have a query or a fragment.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname))) {
    return refuse('must start with https://; http would show the token to everybody on the way.')
  }
  return { ok: true, address: url.href.replace(/\/+$/, '') }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

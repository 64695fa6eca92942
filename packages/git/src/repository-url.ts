// Decides what a repository address is, before git sees it.

import { isAbsolute, resolve } from 'node:path'

export interface RemoteAddress {
  /** As handed to git: an absolute path or a URL without credentials. */
  url: string
  protocol: 'https' | 'http' | 'file'
}

export interface AddressRules {
  /** Hosts (`name` or `name:port`) that may be spoken to without encryption; this machine always may. */
  plainHttpHosts?: string[]
}

/** Accepts https, http to this machine or an allowed host, and paths on disk; everything else is refused with the reason. */
export function parseRepositoryUrl(
  text: string,
  rules: AddressRules = {},
): { ok: true; address: RemoteAddress } | { ok: false; message: string } {
  if (text === '' || /[\0-\x1f\x7f]/.test(text)) return refuse('The repository address is empty or holds control characters.')
  if (text.startsWith('-'))
    return refuse('A repository address cannot start with a dash. For a folder of that name write ./ in front of it.')
  if (/^https?:/i.test(text)) return parseHttp(text, rules)
  if (/^file:\/\/\//i.test(text)) return parseFile(text)
  if (text.includes('::')) return refuse('Remote helpers (such as ext::) are not used. Give a path or an https address.')
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text))
    return refuse(`Slipway speaks https to repositories, not ${text.slice(0, text.indexOf(':'))}. Use the https address of the repository.`)
  if (!isAbsolute(text) && /^[^/]+:/.test(text))
    return refuse('Slipway does not use ssh. Use the https address of the repository, or ./ in front of a folder with a colon in its name.')
  return { ok: true, address: { url: resolve(text), protocol: 'file' } }
}

function parseHttp(text: string, rules: AddressRules): ReturnType<typeof parseRepositoryUrl> {
  if (!URL.canParse(text)) return refuse('The repository address is not a valid URL.')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    return refuse('The repository address holds a credential. Remove it from the address and store it as a token instead.')
  if (url.search !== '' || url.hash !== '') return refuse('The repository address may not have a query or a fragment.')
  if (url.protocol === 'http:' && !isThisMachine(url.hostname) && !(rules.plainHttpHosts ?? []).includes(url.host)) {
    return refuse(`http to ${url.host} is not encrypted. Use https, or allow this host in the settings.`)
  }
  return { ok: true, address: { url: url.href.replace(/\/$/, ''), protocol: url.protocol === 'http:' ? 'http' : 'https' } }
}

function parseFile(text: string): ReturnType<typeof parseRepositoryUrl> {
  const path = pathOf(text)
  if (path === null || path.includes('\0')) return refuse('The repository address is not a valid URL.')
  return { ok: true, address: { url: resolve(path), protocol: 'file' } }
}

/** null: no URL, or one whose escapes do not spell text. */
function pathOf(text: string): string | null {
  try {
    return decodeURIComponent(new URL(text).pathname)
  } catch {
    return null
  }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function refuse(message: string): { ok: false; message: string } {
  return { ok: false, message }
}

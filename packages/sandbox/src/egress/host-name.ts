// One spelling per host, so that a comparison means something.

import { isIP } from 'node:net'

export interface CanonicalHost {
  name: string
  isAddress: boolean
}

/** Lower case, no trailing dot, addresses in their usual form whatever notation they came in; null for what is no plain host. */
export function canonicalHost(raw: string): CanonicalHost | null {
  const bare = raw.startsWith('[') && raw.endsWith(']') ? raw.slice(1, -1) : raw
  if (isIP(bare) === 6) return { name: new URL(`http://[${bare}]`).hostname.slice(1, -1), isAddress: true }
  const name = bare.toLowerCase().replace(/\.$/, '')
  if (name.length === 0 || name.length > 253 || !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name)) return null
  // The WHATWG parser reads decimal, hexadecimal and octal notations of IPv4 as the resolver would.
  const parsed = URL.canParse(`http://${name}/`) ? new URL(`http://${name}/`).hostname : null
  if (parsed === null) return null
  return { name: parsed, isAddress: isIP(parsed) === 4 }
}

/** Splits `host:port`; the port is required when `defaultPort` is null. */
export function splitAuthority(authority: string, defaultPort: number | null): { host: string; port: number } | null {
  const match = /^(\[[0-9a-fA-F:.]+\]|[^:[\]@/\\?#\s]+)(?::(\d{1,5}))?$/.exec(authority)
  if (!match) return null
  const port = match[2] === undefined ? defaultPort : Number(match[2])
  if (port === null || port === 0 || port > 65535) return null
  return { host: match[1] as string, port }
}

// Whether a host and port are on the allow-list.

import { type CanonicalHost, canonicalHost, splitAuthority } from './host-name.ts'

const DEFAULT_PORTS = [443, 80]
const ANY_DEFAULT = -1

export type Rules = (host: CanonicalHost, port: number) => boolean

/** Patterns: `example.org`, `*.example.org` (below it, not itself), either with `:port`. Throws on one that is none. */
export function parseRules(patterns: string[]): Rules {
  const rules = patterns.map(parseRule)
  return (host, port) => rules.some((rule) => rule(host, port))
}

function parseRule(pattern: string): Rules {
  const isWild = pattern.startsWith('*.')
  const authority = splitAuthority(isWild ? pattern.slice(2) : pattern, ANY_DEFAULT)
  const host = authority && canonicalHost(authority.host)
  if (!authority || !host || (isWild && host.isAddress))
    throw new Error(`${JSON.stringify(pattern)} is not a host pattern such as example.org, *.example.org or example.org:8443`)
  return (candidate, port) => {
    if (authority.port === ANY_DEFAULT ? !DEFAULT_PORTS.includes(port) : port !== authority.port) return false
    return isWild ? candidate.name.endsWith(`.${host.name}`) && !candidate.isAddress : candidate.name === host.name
  }
}

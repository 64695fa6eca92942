// One decision for one destination: the allow-list, then the address. The address that was judged is the one to dial.

import { lookup } from 'node:dns/promises'
import type { CanonicalHost } from './host-name.ts'
import { isPublicAddress } from './address.ts'
import { parseRules, type Rules } from './rules.ts'

export type Resolve = (host: string) => Promise<string[]>

export type DenyReason =
  | 'malformed-host'
  | 'not-allowed'
  | 'blocked-address'
  | 'unresolved'
  | 'server-name-mismatch'
  | 'not-tls'
  | 'upload-limit'
  | 'too-many-connections'
  | 'not-a-proxy-request'

export type Verdict = { ok: true; address: string } | { ok: false; reason: DenyReason }

export const resolveBySystem: Resolve = async (host) => (await lookup(host, { all: true, verbatim: true })).map((entry) => entry.address)

/** `allowPrivate`: hosts with ports whose address may be private; they still have to be on the allow-list. */
export function openGate(input: {
  allowPrivate: string[]
  resolve: Resolve
}): (allow: Rules, host: CanonicalHost, port: number) => Promise<Verdict> {
  const mayBePrivate = parseRules(input.allowPrivate)
  return async (allow, host, port) => {
    if (!allow(host, port)) return { ok: false, reason: 'not-allowed' }
    const addresses = host.isAddress ? [host.name] : await input.resolve(host.name).catch(() => [])
    const first = addresses[0]
    if (first === undefined) return { ok: false, reason: 'unresolved' }
    if (!mayBePrivate(host, port) && !addresses.every(isPublicAddress)) return { ok: false, reason: 'blocked-address' }
    return { ok: true, address: first }
  }
}

// Where GitHub is and who calls it. GitHub Enterprise Server and a data-residency host differ from github.com in addresses only.

import { makeSecret, type Secret } from '@slipway/core/secret'

export interface GithubSettings {
  /** Web and git address, without a trailing slash. */
  url: string
  apiUrl: string
  /** null: only what is public can be read, and nothing can be written. */
  token: Secret | null
  /** Upper bound for each API request. */
  requestTimeoutMs: number
}

export const githubDotCom = 'https://github.com'

/** Fills in what is not set: github.com, and the API address that belongs to the web address. Refuses addresses that would show the token to others. */
export function githubSettings(given: {
  url?: string | undefined
  apiUrl?: string | undefined
  token?: string | undefined
  requestTimeoutMs?: number
}): { ok: true; settings: GithubSettings } | { ok: false; message: string } {
  const url = readAddress('GITHUB_URL', given.url || githubDotCom)
  if (!url.ok) return url
  const apiUrl = readAddress('GITHUB_API_URL', given.apiUrl || apiAddressOf(url.address))
  if (!apiUrl.ok) return apiUrl
  const token = given.token?.trim() ?? ''
  if (/[^\x21-\x7e]/.test(token)) return { ok: false, message: 'GITHUB_TOKEN holds spaces or characters that no token has. Copy it again.' }
  const secret = token === '' ? null : makeSecret(token)
  return {
    ok: true,
    settings: { url: url.address, apiUrl: apiUrl.address, token: secret, requestTimeoutMs: given.requestTimeoutMs ?? 20_000 },
  }
}

function apiAddressOf(url: string): string {
  const { protocol, host } = new URL(url)
  if (host === 'github.com') return 'https://api.github.com'
  if (host.endsWith('.ghe.com')) return `${protocol}//api.${host}`
  return `${url}/api/v3`
}

function readAddress(name: string, text: string): { ok: true; address: string } | { ok: false; message: string } {
  const refuse = (reason: string) => ({ ok: false as const, message: `${name} ${reason}` })
  if (!URL.canParse(text)) return refuse('is not an address. Write it like https://github.example.org.')
  const url = new URL(text)
  if (url.username || url.password) return refuse('holds a credential. Remove it and set GITHUB_TOKEN instead.')
  if (url.search || url.hash) return refuse('may not have a query or a fragment.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname))) {
    return refuse('must start with https://; http would show the token to everybody on the way.')
  }
  return { ok: true, address: url.href.replace(/\/+$/, '') }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

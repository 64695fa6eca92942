// Where GitHub is and who calls it. GitHub Enterprise Server and a data-residency host differ from github.com in addresses only.

import { readAddress } from '../hosted/read-address.ts'

export interface GithubSettings {
  /** Web and git address, without a trailing slash. */
  url: string
  apiUrl: string
  /** Upper bound for each API request. */
  requestTimeoutMs: number
}

export const githubDotCom = 'https://github.com'

/** Fills in what is not set: github.com, and the API address that belongs to the web address. Refuses addresses that would show the token to others. */
export function githubSettings(given: {
  url?: string | undefined
  apiUrl?: string | undefined
  requestTimeoutMs?: number
}): { ok: true; settings: GithubSettings } | { ok: false; message: string } {
  const url = readAddress('GITHUB_URL', given.url || githubDotCom)
  if (!url.ok) return url
  const apiUrl = readAddress('GITHUB_API_URL', given.apiUrl || apiAddressOf(url.address))
  if (!apiUrl.ok) return apiUrl
  return { ok: true, settings: { url: url.address, apiUrl: apiUrl.address, requestTimeoutMs: given.requestTimeoutMs ?? 20_000 } }
}

function apiAddressOf(url: string): string {
  const { protocol, host } = new URL(url)
  if (host === 'github.com') return 'https://api.github.com'
  if (host.endsWith('.ghe.com')) return `${protocol}//api.${host}`
  return `${url}/api/v3`
}

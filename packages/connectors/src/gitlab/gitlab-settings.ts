// Where GitLab is: gitlab.com, a company's own, or one below a path of another server.

import { readAddress } from '../hosted/read-address.ts'

export interface GitlabSettings {
  /** Web and git address, without a trailing slash. The API is below it. */
  url: string
  /** Upper bound for each API request. */
  requestTimeoutMs: number
}

export const gitlabDotCom = 'https://gitlab.com'

/** Fills in what is not set. Refuses addresses that would show the token to others. */
export function gitlabSettings(given: {
  url?: string | undefined
  requestTimeoutMs?: number
}): { ok: true; settings: GitlabSettings } | { ok: false; message: string } {
  const url = readAddress('GITLAB_URL', given.url || gitlabDotCom)
  if (!url.ok) return url
  return { ok: true, settings: { url: url.address.replace(/\/api\/v4$/, ''), requestTimeoutMs: given.requestTimeoutMs ?? 20_000 } }
}

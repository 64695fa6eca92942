// Where Notion's API is. Another address stands in for it in a closed network and in tests.

export interface NotionSettings {
  /** Without a trailing slash; calls go to `/v1/…` below it. */
  apiUrl: string
  /** Upper bound for each request. */
  requestTimeoutMs: number
  /** How long a call that only reads may wait for a full rate window to end. */
  longestWaitMs: number
}

const notionApi = 'https://api.notion.com'

/** Fills in what is not set. Refuses addresses that would show the token to others. */
export function notionSettings(given: {
  apiUrl?: string | undefined
  requestTimeoutMs?: number
  longestWaitMs?: number
}): { ok: true; settings: NotionSettings } | { ok: false; message: string } {
  const text = given.apiUrl || notionApi
  const refuse = (reason: string) => ({ ok: false as const, message: `NOTION_API_URL ${reason}` })
  if (!URL.canParse(text)) return refuse('is not an address. Write it like https://notion.example.org.')
  const url = new URL(text)
  if (url.username || url.password) return refuse('holds a credential. Remove it and set NOTION_TOKEN instead.')
  if (url.search || url.hash) return refuse('may not have a query or a fragment.')
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isThisMachine(url.hostname)))
    return refuse('must start with https://; http would show the token to everybody on the way.')
  return {
    ok: true,
    settings: {
      apiUrl: url.href.replace(/\/+$/, '').replace(/\/v1$/, ''),
      requestTimeoutMs: given.requestTimeoutMs ?? 20_000,
      longestWaitMs: given.longestWaitMs ?? 20_000,
    },
  }
}

function isThisMachine(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

// Pictures of people's accounts, as the providers name them. Browsers ask here, never the provider.

import type { ConnectionId, Connections } from '@slipway/store/connections'
import type { ServiceSettings } from '../settings/service-settings.ts'
import { fetchImage, type Image } from './fetch-image.ts'

export interface Avatars {
  /** null: the owner has no such connection, or there is no picture of it. */
  read(at: ConnectionId): Promise<Image | null>
}

export interface AvatarNeeds {
  connections: Pick<Connections, 'read'>
  settings: Pick<ServiceSettings, 'github' | 'gitlab' | 'notion' | 'vercel'>
  now(): number
}

const mostKept = 100
const keptMs = 3_600_000
const missingKeptMs = 300_000

export function openAvatars({ connections, settings, now }: AvatarNeeds): Avatars {
  const { github, gitlab, notion, vercel } = settings
  const own = [github.url, github.apiUrl, gitlab.url, notion.apiUrl, vercel.url, vercel.apiUrl]
  const trustedHosts = new Set(own.map((address) => new URL(address).host))
  const kept = new Map<string, { image: Promise<Image | null>; untilMs: number }>()

  function fetchOnce(address: string): Promise<Image | null> {
    const known = kept.get(address)
    if (known !== undefined && known.untilMs > now()) return known.image
    const entry = { image: fetchImage(address, { trustedHosts }), untilMs: now() + keptMs }
    void entry.image.then((image) => {
      if (image === null) entry.untilMs = now() + missingKeptMs
    })
    kept.delete(address)
    kept.set(address, entry)
    const [oldest] = kept.keys()
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
    return entry.image
  }

  return {
    async read(at) {
      const address = (await connections.read(at))?.connection.avatarUrl ?? null
      return address === null ? null : fetchOnce(address)
    },
  }
}

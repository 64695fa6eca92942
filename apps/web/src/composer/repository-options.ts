// The repositories to choose from, in the order in which they are likely to be wanted.

import { formatAgo } from '../format/date.ts'
import { repositoryName } from './repository-name.ts'
import type { HostedRepository } from './use-hosted-repositories.ts'

export interface RepositoryOption {
  url: string
  name: string
  group: string
  note: string
  /** null: not known. */
  isPrivate: boolean | null
}

/** Each once: one that was worked on stays among the recent ones, and tells what its forge says of it. */
export function repositoryOptions(
  recent: readonly { url: string; usedAt: string }[],
  hosted: readonly HostedRepository[],
  nowMs: number,
): RepositoryOption[] {
  const byUrl = new Map(hosted.map((repository) => [repository.url.toLowerCase(), repository]))
  const used = new Set(recent.map(({ url }) => url.toLowerCase()))
  return [
    ...recent.map(({ url, usedAt }) => ({
      url,
      name: repositoryName(url),
      group: 'Recent',
      note: formatAgo(usedAt, nowMs),
      isPrivate: byUrl.get(url.toLowerCase())?.isPrivate ?? null,
    })),
    ...hosted
      .filter(({ url }) => !used.has(url.toLowerCase()))
      .map(({ url, name, forge, defaultBranch, isPrivate }) => ({
        url,
        name,
        group: forge,
        note: defaultBranch ?? 'empty',
        isPrivate,
      })),
  ]
}

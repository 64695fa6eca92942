// Pages of connected databases of Notion, for a board that many look at every few seconds.

import { readAll } from '@slipway/connectors/notion/notion-client'
import type { NotionPage } from '@slipway/connectors/notion/notion-shapes'
import type { Clock } from '@slipway/core/ports'
import type { NotionMapping } from '../notion/mapping.ts'
import type { NotionAccess } from '../notion/notion-access.ts'

const KEEP_MS = 60_000
const DEADLINE_MS = 5_000
const MOST_PAGES = 500

interface FoundPages {
  pages: NotionPage[]
  /** Why there may be more; null: these are all. */
  problem: string | null
}

export type NotionPages = (database: Pick<NotionMapping, 'ownerId' | 'dataSourceId' | 'title'>) => Promise<FoundPages>

/** Each database is asked for once a minute at most, however many boards and tools look; what goes wrong is told, never thrown. */
export function openNotionPages({ access, clock }: { access: NotionAccess; clock: Pick<Clock, 'now'> }): NotionPages {
  const kept = new Map<string, { at: number; found: Promise<FoundPages> }>()
  return (database) => {
    const now = clock.now()
    for (const [key, { at }] of kept) if (now - at > KEEP_MS) kept.delete(key)
    const key = `${database.ownerId} ${database.dataSourceId}`
    const entry = kept.get(key) ?? { at: now, found: readPages(access, database) }
    kept.set(key, entry)
    return entry.found
  }
}

async function readPages(access: NotionAccess, { ownerId, dataSourceId, title }: Parameters<NotionPages>[0]): Promise<FoundPages> {
  const failed = (reason: string) => ({ pages: [], problem: `“${title}” in Notion could not be read: ${reason}` })
  try {
    const account = await access.find(ownerId)
    if (account === null) return failed('no account at Notion is connected. Connect one in Settings → Connections.')
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const sorts = [{ timestamp: 'last_edited_time', direction: 'descending' }]
    const found = await readAll((cursor) => account.client.queryDataSource({ id: dataSourceId, sorts, cursor }, signal), MOST_PAGES)
    if (!found.ok) return failed(found.message)
    const problem = found.isComplete ? null : `Of “${title}” in Notion only the ${MOST_PAGES} pages that were edited last are looked at.`
    return { pages: found.items.filter(({ isGone }) => !isGone), problem }
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error))
  }
}

// Clears what crashed processes left behind: sandboxes and work trees of sessions that do not exist.

import type { Runtime } from '../runtime.ts'

const PAGE = 500

/**
 * Every session there is keeps its work tree: a finished one can still be continued. Does nothing while any session is
 * driven, because the clean work tree of a verification under way looks like an orphan.
 */
export function reapOrphans({ store, sandboxes }: Pick<Runtime, 'store' | 'sandboxes'>): Promise<number> {
  return sandboxes.reap(async (workspaces) => {
    const orphans = new Set(workspaces)
    for (let before: string | null = null; orphans.size > 0; ) {
      const rows = await store.sessions.list({ ownerId: null, limit: PAGE, before })
      if (rows.some((row) => row.workerId !== null)) return []
      for (const row of rows) orphans.delete(row.id)
      before = rows.at(-1)?.id ?? null
      if (rows.length < PAGE) break
    }
    return [...orphans]
  })
}

// What happens to a session's change after it was handed over, as its page is told: where it can be looked at, that it is merged,
// that production shows it, that production was taken back.

import type { EventOf, SessionEvent } from '@slipway/core/events'
import { cut, oneLine, visible } from '@slipway/core/publish/safe-markdown'

export interface PageNews {
  /** Of the newest event that counts. */
  seq: number
  /** Of the event that makes the task done; null: nothing does. */
  doneAt: number | null
  /** The address to be shown; null: none that is new. */
  deployment: string | null
  /** What is to be said, oldest first. */
  notes: string[]
}

/** What came after `after`; null: nothing that a page is told. */
export function newsOf(events: readonly SessionEvent[], after: number): PageNews | null {
  const news: PageNews = { seq: 0, doneAt: null, deployment: null, notes: [] }
  // Production says first what it is asked for, and then that it shows it.
  let isRollback = false
  // What is built of an earlier commit comes late, and is not what there is to look at.
  const pushed = events.findLast(({ body }) => body.type === 'branch-pushed')?.body
  const isNewest = (oid: string | undefined): boolean => pushed?.type !== 'branch-pushed' || oid === undefined || oid === pushed.oid
  for (const { seq, body } of events) {
    if (body.type === 'deployment-updated' && body.target === 'production') {
      const { state, url } = body
      if (state === 'PROMOTING' || state === 'ROLLING BACK') isRollback = state === 'ROLLING BACK'
      if (state !== 'READY' || seq <= after) continue
      Object.assign(news, { seq, deployment: url ?? news.deployment, ...(isRollback ? {} : { doneAt: seq }) })
      news.notes.push(productionNote(body, isRollback))
    } else if (seq > after && body.type === 'deployment-updated' && body.target === 'preview') {
      if (body.state === 'READY' && isNewest(body.oid)) Object.assign(news, { seq, deployment: body.url ?? news.deployment })
    } else if (seq > after && body.type === 'change-request-updated' && body.state === 'merged') {
      Object.assign(news, { seq, doneAt: seq })
    }
  }
  return news.seq === 0 ? null : news
}

function productionNote({ url, oid }: EventOf<'deployment-updated'>, isRollback: boolean): string {
  const what = oid === undefined || oid === '' ? '' : ` ${oneLine(oid).slice(0, 10)}`
  const where = url === null ? '' : `: ${cut(visible(url), 500)}`
  return isRollback
    ? `Production was rolled back, and shows${what || ' an earlier version'} again${where}`
    : `Production shows${what || ' this'} now${where}`
}

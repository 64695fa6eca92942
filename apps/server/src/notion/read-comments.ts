// Comments on a page as messages to its session: from those who may, each once.

import { readAll } from '@slipway/connectors/notion/notion-client'
import type { NotionFailure } from '@slipway/connectors/notion/notion-failure'
import type { NotionComment, NotionPage } from '@slipway/connectors/notion/notion-shapes'
import { valueOf } from '@slipway/connectors/notion/page-values'
import type { EventBody } from '@slipway/core/events'
import { replay } from '@slipway/core/reduce'
import type { SessionState } from '@slipway/core/state'
import { noteNotionComments, type NotionTask } from '@slipway/store/notion-tasks'
import { z } from 'zod'
import { idFrom } from '../runtime/ids.ts'
import type { Runtime } from '../runtime.ts'
import type { NotionMapping } from './mapping.ts'
import type { NotionOfPerson } from './notion-access.ts'

const mostComments = 1_000
const longestComment = 20_000

/** Returns how many reached the session. */
export async function readComments(
  runtime: Pick<Runtime, 'store' | 'ports'>,
  input: { notion: NotionOfPerson; mapping: NotionMapping; task: NotionTask },
  signal: AbortSignal,
): Promise<{ ok: true; heard: number } | NotionFailure> {
  const { notion, mapping, task } = input
  const listed = await readAll((cursor) => notion.client.listComments(task.pageId, cursor, signal), mostComments)
  if (!listed.ok) return listed
  const news = listed.items.filter(({ id }) => !task.seenComments.includes(id))
  if (news.length === 0) return { ok: true, heard: 0 }
  const self = await notion.self(signal)
  if ('ok' in self) return self
  const page = await notion.client.getPage(task.pageId, signal)
  if (!page.ok) return page
  const allowed = new Set([
    ...mapping.allowedPeople,
    ...assignees(page.value, mapping),
    ...(self.ownerUserId === null ? [] : [self.ownerUserId]),
  ])
  let heard = 0
  for (const comment of news) {
    const counts = comment.authorId !== self.botId && allowed.has(comment.authorId) && comment.text.trim() !== ''
    if (counts) heard += await hear(runtime, mapping, task, comment)
    await noteNotionComments(runtime.store.database.pool, { sessionId: task.sessionId, seen: [comment.id] })
  }
  return { ok: true, heard }
}

const peopleShape = z.array(z.object({ id: z.string() })).catch([])

function assignees(page: NotionPage, { fields }: NotionMapping): string[] {
  const value = fields.assignee === null ? null : valueOf(page, fields.assignee.id)
  return value === null ? [] : peopleShape.parse(value['people']).map(({ id }) => id)
}

/** 1 when it was appended; the comment's own id makes a second time impossible. */
async function hear({ ports }: Pick<Runtime, 'ports'>, mapping: NotionMapping, task: NotionTask, comment: NotionComment): Promise<0 | 1> {
  const id = idFrom(`notion comment ${comment.id}`)
  for (;;) {
    const events = await ports.log.read({ sessionId: task.sessionId, after: 0 })
    if (events.length === 0 || events.some((event) => event.id === id)) return 0
    const state = replay(events)
    const at = new Date(ports.clock.now()).toISOString()
    const actor = { kind: 'person' as const, id: mapping.personId }
    const body = asBody(state, comment.text.trim().slice(0, longestComment))
    const result = await ports.log.append({
      sessionId: task.sessionId,
      events: [{ id, at, actor, body }],
      expectedSeq: state.head,
      lease: null,
      wake: 'now',
    })
    if (result.ok) return 1
    if (result.kind !== 'conflict') return 0
  }
}

/** An answer where a question is open that words can answer. What needs a plain yes is left to Slipway itself, and the words wait. */
function asBody({ ask }: SessionState, text: string): EventBody {
  if (ask?.kind === 'question')
    return { type: 'human-answered', askId: ask.askId, decision: 'answer', text, effectHash: null, budgetMicros: null }
  const waits = ask?.kind === 'approval' || ask?.kind === 'budget' || ask?.kind === 'plan'
  return { type: 'user-message', text, mode: waits ? 'queue' : 'steer' }
}

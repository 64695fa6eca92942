// Makes one write to a page. What it would change is looked at first; a comment is looked for before it is made a second time.

import { readAll, type NotionClient } from '@slipway/connectors/notion/notion-client'
import type { NotionFailure } from '@slipway/connectors/notion/notion-failure'
import type { NotionPage } from '@slipway/connectors/notion/notion-shapes'
import { textAsValue, valueOf, valueText } from '@slipway/connectors/notion/page-values'
import type { Field, NotionMapping, StateName } from './mapping.ts'
import { type PageReport, signatureOf } from './page-report.ts'
import { textOf } from './read-tasks.ts'

/** `changed`: the page was written to. `state`: what it shows by now; null: what it showed before. */
export type WriteResult = { ok: true; url: string; changed: boolean; state: StateName | null } | NotionFailure

const mostComments = 1_000

/**
 * `isRepeated`: an earlier attempt was begun and may have been carried out, wholly or in part. `writtenState`: what was written last;
 * a page that shows something else by now was changed by a person, who knows better whether it is done.
 */
export async function writePage(
  client: NotionClient,
  input: {
    mapping: NotionMapping
    pageId: string
    sessionId: string
    report: PageReport
    writtenState: StateName | null
    isRepeated: boolean
  },
  signal: AbortSignal,
): Promise<WriteResult> {
  const { pageId } = input
  const page = await client.getPage(pageId, signal)
  if (!page.ok) return page
  if (page.value.isGone) return gone
  let changed = false
  const report = { ...input.report, state: stateFor(page.value, input) }
  const properties = changedProperties(page.value, input.mapping, report)
  if (Object.keys(properties).length > 0) {
    const updated = await client.updatePage({ id: pageId, properties }, signal)
    if (!updated.ok) return updated
    changed = true
  }
  if (report.comment !== null) {
    const made = input.isRepeated ? await findComment(client, input, signal) : { ok: true as const, found: false }
    if (!made.ok) return made
    if (!made.found) {
      const commented = await client.createComment({ pageId, text: report.comment }, signal)
      // A token that may not comment still says the state and fills in the fields.
      if (!commented.ok && commented.problem !== 'forbidden') return commented
      changed ||= commented.ok
    }
  }
  return { ok: true, url: page.value.url, changed, state: report.state }
}

function stateFor(
  page: NotionPage,
  { mapping, report, writtenState }: { mapping: NotionMapping; report: PageReport; writtenState: StateName | null },
): StateName | null {
  const { fields, statuses } = mapping
  if (report.state !== 'done' || writtenState === null) return report.state
  const shown = textOf(page, fields.status)
  return shown === statuses[writtenState] || shown === statuses.done ? 'done' : null
}

const gone: NotionFailure = {
  ok: false,
  problem: 'gone',
  message: 'The page is archived or in the trash, so nothing more is written to it. The session is not touched by that.',
  retryAfterMs: null,
  isAnswerLost: false,
}

/** By id, and only what shows something else now. A field that was deleted is left out. */
function changedProperties(page: NotionPage, { fields, statuses }: NotionMapping, { state, values }: PageReport): Record<string, unknown> {
  const wanted: [Field | null, string | undefined][] = [
    [fields.status, state === null ? undefined : statuses[state]],
    [fields.changeRequest, values.changeRequest],
    [fields.deployment, values.deployment],
    [fields.cost, values.cost],
    [fields.summary, values.summary],
  ]
  const properties: Record<string, unknown> = {}
  for (const [field, text] of wanted) {
    const present = field === null || text === undefined ? null : valueOf(page, field.id)
    if (present === null || text === undefined) continue
    const value = textAsValue(present, text)
    if (value !== null && !isSame(present, text)) properties[present.id] = value
  }
  return properties
}

function isSame(present: NonNullable<ReturnType<typeof valueOf>>, text: string): boolean {
  const shown = valueText(present)
  return present.type === 'number' ? shown !== '' && Number(shown) === Number(text) : shown === text
}

async function findComment(
  client: NotionClient,
  { pageId, sessionId, report }: { pageId: string; sessionId: string; report: PageReport },
  signal: AbortSignal,
): Promise<{ ok: true; found: boolean } | NotionFailure> {
  const listed = await readAll((cursor) => client.listComments(pageId, cursor, signal), mostComments)
  if (!listed.ok) return listed
  const signature = signatureOf(sessionId, report.seq)
  return { ok: true, found: listed.items.some(({ text }) => text.trimEnd().endsWith(signature)) }
}

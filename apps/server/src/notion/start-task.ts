// From a page to a session: claimed in the database first, so that whoever else looks at the same page finds it taken.

import type { NotionClient } from '@slipway/connectors/notion/notion-client'
import { readAll } from '@slipway/connectors/notion/notion-client'
import type { NotionFailure } from '@slipway/connectors/notion/notion-failure'
import type { NotionPage } from '@slipway/connectors/notion/notion-shapes'
import { readPageMarkdown } from '@slipway/connectors/notion/page-markdown'
import { titleOf } from '@slipway/connectors/notion/page-values'
import type { ContextAdded } from '@slipway/core/events'
import { claimNotionTask, latestNotionTask, type NotionTask } from '@slipway/store/notion-tasks'
import type { Asker } from '../actions/access.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import { createSession, sessionIdFor, type IntakeNeeds, type SessionRequest } from '../intake/create-session.ts'
import type { Runtime } from '../runtime.ts'
import type { NotionMapping } from './mapping.ts'
import { textOf } from './read-tasks.ts'

type WantedRequest = { [Name in keyof SessionRequest]?: SessionRequest[Name] | undefined }

interface StartNeeds {
  runtime: Pick<Runtime, 'store' | 'ports' | 'settings'>
  client: NotionClient
}

type StartResult = { ok: true; sessionId: string; isNew: boolean } | NotionFailure

/** Text from the page that the model is shown; the rest is left out and said to be. */
const longestContext = 60_000
const mostComments = 500

/**
 * The session of the page: a new one when it has none, and where `again` wants one: `ended`: when its last one has ended; `ready`:
 * when the page was made ready again after that. Throws SlipwayError when the request cannot be carried out.
 */
export async function startTask(
  { runtime, client }: StartNeeds,
  input: { mapping: NotionMapping; page: NotionPage; request: WantedRequest; again: 'ended' | 'ready' | null },
  signal: AbortSignal,
): Promise<StartResult> {
  const { mapping, page } = input
  const { pool } = runtime.store.database
  const last = await latestNotionTask(pool, { ownerId: mapping.ownerId, pageId: page.id })
  const session = last === null ? null : await runtime.store.sessions.get(last.sessionId)
  const isCreated = session !== null
  // Asked of the session there is now: another process may have begun the next one since the page was looked at.
  const mayBegin = (task: NotionTask): boolean => {
    const hasEnded = session?.status === 'done'
    return input.again === 'ready' ? isReadyAgain(task, hasEnded) : input.again === 'ended' && hasEnded
  }
  if (last !== null && isCreated && !mayBegin(last)) return { ok: true, sessionId: last.sessionId, isNew: false }
  const round = last === null ? 1 : isCreated ? last.round + 1 : last.round
  const request = requestFor(mapping, page, input.request)

  const read = await readPageMarkdown(client, page.id, signal)
  if (!read.ok) return read
  const comments = await readAll((cursor) => client.listComments(page.id, cursor, signal), mostComments)
  // An integration without that capability reads no comments; the task can be worked on all the same.
  if (!comments.ok && comments.problem !== 'forbidden') return comments

  const person: Asker = { id: mapping.personId, ownerId: mapping.ownerId }
  const key = `notion ${page.id} ${round}`
  const claim = {
    sessionId: sessionIdFor(person, key),
    ownerId: mapping.ownerId,
    dataSourceId: mapping.dataSourceId,
    pageId: page.id,
    round,
    url: page.url,
    title: titleOf(page),
    seenComments: comments.ok ? comments.items.map(({ id }) => id) : [],
  }
  await claimNotionTask(pool, claim)
  const needs: IntakeNeeds = { ...runtime.ports, settings: runtime.settings, person }
  const context = [contextOf(page, read)]
  const made = await createSession(needs, {
    request,
    source: 'notion',
    ref: page.id,
    context,
    folder: null,
    idempotencyKey: key,
    wake: 'now',
  })
  return { ok: true, ...made }
}

/** Whether the page was set to ready again after Slipway had said that it is through with it. */
export function isReadyAgain(task: NotionTask, isFinished: boolean): boolean {
  return isFinished && (task.state === 'inReview' || task.state === 'blocked' || task.state === 'done')
}

function requestFor({ defaults, fields }: NotionMapping, page: NotionPage, wanted: WantedRequest): SessionRequest {
  const title = titleOf(page).trim()
  const repository = wanted.repository ?? textOf(page, fields.repository) ?? defaults.repository
  if (title === '' && !wanted.task) throw new SlipwayError('usage', 'The page has no title, so there is no task. Give it one.')
  if (repository === null)
    throw new SlipwayError(
      'usage',
      `“${title.slice(0, 80)}” names no repository. Fill in its repository field, or give the database a repository of its own in Slipway.`,
    )
  return {
    task: wanted.task ?? title,
    repository,
    title: title.slice(0, 200) || undefined,
    base: wanted.base ?? defaults.base ?? undefined,
    model: wanted.model ?? defaults.model ?? undefined,
    autonomy: wanted.autonomy ?? defaults.autonomy,
    checks: wanted.checks ?? defaults.checks,
    sandbox: wanted.sandbox,
    budgetUsd: wanted.budgetUsd ?? defaults.budgetUsd ?? undefined,
  }
}

/** The page is other people's text: data about the task, and no instruction. */
function contextOf(page: NotionPage, { markdown, isCut }: { markdown: string; isCut: boolean }): ContextAdded {
  const head = `# ${titleOf(page)}\n\n`
  const room = longestContext - head.length
  const isShort = markdown.length <= room
  const text = isShort ? markdown : markdown.slice(0, room).replace(/[\uD800-\uDBFF]$/, '')
  const note = isCut || !isShort ? '\n\n(The page is longer than this.)' : ''
  return {
    type: 'context-added',
    origin: 'notion page',
    trust: 'untrusted',
    text: `${head}${text || '(The page is empty.)'}${note}`,
    ref: page.url,
  }
}

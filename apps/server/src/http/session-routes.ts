// What answers the sessions' part of the contract.

import { catchUpSearch, searchSessions } from '@slipway/store/search'
import { countNeeds, isArchived, listCards, setArchived } from '@slipway/store/session-cards'
import type { SessionRow } from '@slipway/store/sessions'
import type { FastifyInstance } from 'fastify'
import { fork } from '../actions/fork.ts'
import { appendForPerson, loadSession, loadState } from '../actions/access.ts'
import { answer, changeAutonomy, giveFeedback, resume, say, stop } from '../actions/people.ts'
import { rollBack } from '../actions/roll-back.ts'
import { throwAway } from '../actions/throw-away.ts'
import type { Person } from '../auth/person.ts'
import { portsFor } from '../auth/ports-for.ts'
import * as contract from '../contract/session-routes.ts'
import type { SessionView } from '../contract/session-schemas.ts'
import { createSession } from '../intake/create-session.ts'
import { unknownSession } from '../errors/slipway-error.ts'
import { readDiff } from '../actions/read-diff.ts'
import type { Runtime } from '../runtime.ts'
import { exportHtml } from '../views/export-html.ts'
import { exportMarkdown } from '../views/export-markdown.ts'
import { viewCard } from '../views/session-card.ts'
import { viewCost, viewSession } from '../views/session-view.ts'
import { usageByModel } from '../views/usage-view.ts'
import { readPage } from './events-page.ts'
import { handle } from './handle.ts'

/** Events that one search takes in at most before it answers; some hundred milliseconds. */
const SEARCH_CATCH_UP = 2_000

export function addSessionRoutes(app: FastifyInstance, runtime: Runtime): void {
  addReads(app, runtime)
  addActions(app, runtime)
}

function addReads(app: FastifyInstance, runtime: Runtime): void {
  const { store } = runtime

  handle(app, contract.listSessions, async ({ query, person }) => {
    const { ownerId } = person
    const mine = store.as(ownerId)
    const [rows, counts] = await Promise.all([
      listCards(mine, {
        ownerId,
        limit: query.limit + 1,
        before: query.cursor ?? null,
        status: query.status ?? null,
        need: query.need ?? null,
        repositoryUrl: query.repository ?? null,
        isArchived: query.archived === 'yes',
      }),
      countNeeds(mine, ownerId),
    ])
    const page = rows.slice(0, query.limit)
    return { sessions: page.map(viewCard), next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null, counts }
  })

  handle(app, contract.searchSessions, async ({ query, person }) => {
    const isComplete = await catchUpSearch(store.database.pool, SEARCH_CATCH_UP)
    const hits = await searchSessions(store.as(person.ownerId), { ownerId: person.ownerId, query: query.q, limit: query.limit })
    return { hits, isComplete }
  })

  handle(app, contract.showSession, ({ params, person }) => show(runtime, person, params.id))

  handle(app, contract.readEvents, async ({ params, query, person }) => {
    const row = await ownRow(runtime, person, params.id)
    const { events, head } = await readPage(portsFor(runtime, person).log, row, query)
    return { events: events.map((event) => ({ ...event, body: { ...event.body } })), head }
  })

  handle(app, contract.sessionUsage, async ({ params, person }) => {
    const { state, events } = await loadSession(portsFor(runtime, person), params.id)
    return { cost: viewCost(state), byModel: usageByModel(events) }
  })

  handle(app, contract.exportSession, async ({ params, query, person, reply }) => {
    const { state, events, createdAt, updatedAt } = await loadSession(portsFor(runtime, person), params.id)
    const name = `slipway-${params.id}.${query.format}`
    reply.header('content-disposition', `attachment; filename="${name}"`)
    if (query.format === 'json') {
      reply.type('application/json; charset=utf-8')
      return JSON.stringify({ session: viewSession(state, { createdAt, updatedAt }), events })
    }
    if (query.format === 'html') {
      reply.type('text/html; charset=utf-8')
      return exportHtml(viewSession(state, { createdAt, updatedAt }), events)
    }
    reply.type('text/markdown; charset=utf-8')
    return exportMarkdown(viewSession(state, { createdAt, updatedAt }), events)
  })

  handle(app, contract.sessionDiff, async ({ params, query, person }) => {
    const ports = portsFor(runtime, person)
    const { state } = await loadState(ports, params.id)
    return readDiff(ports.airlock, state, query.maxBytes)
  })
}

function addActions(app: FastifyInstance, runtime: Runtime): void {
  const { settings } = runtime

  handle(app, contract.createSession, async ({ body, person, request, reply }) => {
    const ports = portsFor(runtime, person)
    const key = request.headers['idempotency-key']
    const { sessionId, isNew } = await createSession(
      { ...ports, settings },
      {
        request: body,
        source: person.via === 'cookie' ? 'chat' : 'api',
        folder: null,
        idempotencyKey: typeof key === 'string' ? key : null,
        wake: 'now',
      },
    )
    request.log.info({ sessionId, isNew }, 'session requested')
    reply.header('location', `/api/v1/sessions/${sessionId}`)
    return show(runtime, person, sessionId)
  })

  handle(app, contract.sendMessage, async ({ params, body, person }) => ({
    seq: await say(portsFor(runtime, person), { sessionId: params.id, ...body, wake: 'now' }),
  }))

  handle(app, contract.answerQuestion, async ({ params, body, person }) => {
    const { budgetUsd, ...rest } = body
    return {
      seq: await answer(portsFor(runtime, person), {
        sessionId: params.id,
        ...rest,
        budgetMicros: budgetUsd === null ? null : Math.round(budgetUsd * 1_000_000),
        wake: 'now',
      }),
    }
  })

  handle(app, contract.stopSession, async ({ params, person }) => ({
    seq: await stop(portsFor(runtime, person), { sessionId: params.id, reason: 'Stopped by a person.', wake: 'now' }),
  }))

  handle(app, contract.throwSessionAway, ({ params, person }) => {
    return throwAway(portsFor(runtime, person), {
      sessionId: params.id,
      putAway: () => archive(runtime, person, { id: params.id, isArchived: true }),
    })
  })

  handle(app, contract.resumeSession, async ({ params, person }) => {
    const ports = portsFor(runtime, person)
    const seq = await resume(ports, { sessionId: params.id, wake: 'now' })
    ports.bus.publish({ kind: 'wake', sessionId: params.id })
    return { seq }
  })

  handle(app, contract.rollBackSession, async ({ params, body, person }) => ({
    seq: await rollBack(portsFor(runtime, person), { sessionId: params.id, toSeq: body.seq, wake: 'no' }),
  }))

  handle(app, contract.giveFeedback, async ({ params, body, person }) => ({
    seq: await giveFeedback(portsFor(runtime, person), { sessionId: params.id, ...body, wake: 'no' }),
  }))

  handle(app, contract.changeSession, async ({ params, body, person }) => {
    const ports = portsFor(runtime, person)
    const row = await ownRow(runtime, person, params.id)
    if (body.title !== undefined && body.title !== row.title)
      await appendForPerson(ports, {
        sessionId: row.id,
        wake: 'no',
        decide: () => ({ type: 'session-renamed', title: body.title ?? row.title }),
      })
    if (body.autonomy !== undefined) await changeAutonomy(ports, { sessionId: row.id, autonomy: body.autonomy, wake: 'no' })
    if (body.isArchived !== undefined) await archive(runtime, person, { id: row.id, isArchived: body.isArchived })
    return show(runtime, person, row.id)
  })

  handle(app, contract.forkSession, async ({ params, body, person, request }) => {
    const ports = portsFor(runtime, person)
    const sessionId = await fork(
      { ...ports, sandboxes: runtime.sandboxes },
      { sessionId: params.id, atSeq: body.atSeq, model: body.model ?? null, wake: 'now' },
    )
    request.log.info({ sessionId, from: params.id }, 'session forked')
    return show(runtime, person, sessionId)
  })
}

/** The row of a session that is the person's. */
export async function ownRow({ store }: Runtime, person: Person, id: string): Promise<SessionRow> {
  const row = await store.as(person.ownerId).sessions.get(id)
  if (row === null) throw unknownSession(id)
  return row
}

/** It is no event of the session, and yet the person's lists, in other tabs too, are no longer what they were. */
async function archive(runtime: Runtime, { ownerId }: Person, change: { id: string; isArchived: boolean }): Promise<void> {
  const mine = runtime.store.as(ownerId)
  await setArchived(mine, { ownerId, sessionId: change.id, isArchived: change.isArchived })
  const head = (await mine.sessions.get(change.id))?.head
  if (head !== undefined) runtime.ports.bus.publish({ kind: 'events', sessionId: change.id, head, events: null })
}

async function show(runtime: Runtime, person: Person, id: string): Promise<SessionView> {
  const { state, createdAt, updatedAt } = await loadState(portsFor(runtime, person), id)
  const { ownerId } = person
  return viewSession(state, {
    createdAt,
    updatedAt,
    isArchived: await isArchived(runtime.store.as(ownerId), { ownerId, sessionId: id }),
  })
}

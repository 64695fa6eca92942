// What answers the sessions' part of the contract.

import type { SessionRow } from '@slipway/store/sessions'
import type { FastifyInstance } from 'fastify'
import { fork } from '../actions/fork.ts'
import { loadSession, LOCAL_PERSON } from '../actions/access.ts'
import { answer, resume, say, stop } from '../actions/people.ts'
import * as contract from '../contract/session-routes.ts'
import type { SessionView } from '../contract/session-schemas.ts'
import { createSession } from '../intake/create-session.ts'
import { unknownSession } from '../errors/slipway-error.ts'
import { readDiff } from '../actions/read-diff.ts'
import type { Runtime } from '../runtime.ts'
import { exportMarkdown } from '../views/export-markdown.ts'
import { viewCost, viewSession } from '../views/session-view.ts'
import { usageByModel } from '../views/usage-view.ts'
import { handle } from './handle.ts'

export function addSessionRoutes(app: FastifyInstance, runtime: Runtime): void {
  addReads(app, runtime)
  addActions(app, runtime)
}

function addReads(app: FastifyInstance, runtime: Runtime): void {
  const { ports, store } = runtime

  handle(app, contract.listSessions, async ({ query }) => {
    const rows = await store.sessions.list({
      ownerId: LOCAL_PERSON,
      limit: query.limit + 1,
      before: query.cursor ?? null,
      status: query.status ?? null,
    })
    const page = rows.slice(0, query.limit)
    const sessions = page.map((row) => ({ ...row, repository: row.repositoryUrl, openQuestions: row.openAsks.length }))
    return { sessions, next: rows.length > page.length ? (page.at(-1)?.id ?? null) : null }
  })

  handle(app, contract.showSession, ({ params }) => show(runtime, params.id))

  handle(app, contract.readEvents, async ({ params, query }) => {
    const row = await ownRow(runtime, params.id)
    const events = await ports.log.read({ sessionId: row.id, after: query.after, limit: query.limit })
    return { events: events.map((event) => ({ ...event, body: { ...event.body } })), head: Math.max(row.head, events.at(-1)?.seq ?? 0) }
  })

  handle(app, contract.sessionUsage, async ({ params }) => {
    const { state, events } = await loadSession(ports, params.id)
    return { cost: viewCost(state), byModel: usageByModel(events) }
  })

  handle(app, contract.exportSession, async ({ params, query, reply }) => {
    const { state, events, createdAt, updatedAt } = await loadSession(ports, params.id)
    const name = `slipway-${params.id}.${query.format}`
    reply.header('content-disposition', `attachment; filename="${name}"`)
    if (query.format === 'json') {
      reply.type('application/json; charset=utf-8')
      return JSON.stringify({ session: viewSession(state, { createdAt, updatedAt }), events })
    }
    reply.type('text/markdown; charset=utf-8')
    return exportMarkdown(viewSession(state, { createdAt, updatedAt }), events)
  })

  handle(app, contract.sessionDiff, async ({ params, query }) => {
    const { state } = await loadSession(ports, params.id)
    return readDiff(ports.airlock, state, query.maxBytes)
  })
}

function addActions(app: FastifyInstance, runtime: Runtime): void {
  const { ports, settings } = runtime

  handle(app, contract.createSession, async ({ body, request, reply }) => {
    const key = request.headers['idempotency-key']
    const { sessionId, isNew } = await createSession(
      { ...ports, settings },
      { request: body, source: 'api', folder: null, idempotencyKey: typeof key === 'string' ? key : null, wake: 'now' },
    )
    request.log.info({ sessionId, isNew }, 'session requested')
    reply.header('location', `/api/v1/sessions/${sessionId}`)
    return show(runtime, sessionId)
  })

  handle(app, contract.sendMessage, async ({ params, body }) => ({ seq: await say(ports, { sessionId: params.id, ...body, wake: 'now' }) }))

  handle(app, contract.answerQuestion, async ({ params, body }) => {
    const { budgetUsd, ...rest } = body
    return {
      seq: await answer(ports, {
        sessionId: params.id,
        ...rest,
        budgetMicros: budgetUsd === null ? null : Math.round(budgetUsd * 1_000_000),
        wake: 'now',
      }),
    }
  })

  handle(app, contract.stopSession, async ({ params }) => ({
    seq: await stop(ports, { sessionId: params.id, reason: 'Stopped by a person.', wake: 'now' }),
  }))

  handle(app, contract.resumeSession, async ({ params }) => {
    const seq = await resume(ports, { sessionId: params.id, wake: 'now' })
    ports.bus.publish({ kind: 'wake', sessionId: params.id })
    return { seq }
  })

  handle(app, contract.forkSession, async ({ params, body, request }) => {
    const sessionId = await fork(
      { ...ports, sandboxes: runtime.sandboxes },
      { sessionId: params.id, atSeq: body.atSeq, model: body.model ?? null, wake: 'now' },
    )
    request.log.info({ sessionId, from: params.id }, 'session forked')
    return show(runtime, sessionId)
  })
}

/** The row of a session that is the person's. */
async function ownRow(runtime: Runtime, id: string): Promise<SessionRow> {
  const row = await runtime.store.sessions.get(id)
  if (row === null || row.ownerId !== LOCAL_PERSON) throw unknownSession(id)
  return row
}

async function show(runtime: Runtime, id: string): Promise<SessionView> {
  const { state, createdAt, updatedAt } = await loadSession(runtime.ports, id)
  return viewSession(state, { createdAt, updatedAt })
}

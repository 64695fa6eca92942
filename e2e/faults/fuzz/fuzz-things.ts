// One of everything that the paths of routes name, made at the API as a person does it.

import { openBrowser, type Browser } from '@slipway/server/testing/test-browser'
import type { Json } from '@slipway/server/testing/test-api'
import type { EventBody } from '@slipway/core/events'
import { message, sessionCreated } from '@slipway/server/testing/test-store'
import type { Things } from '../../attacks/every-route/world.ts'
import type { OauthDouble } from '../../doubles/oauth/start-oauth-double.ts'
import type { FuzzServer } from './fuzz-server.ts'

const email = 'administrator@example.org'
const notionDatabase = '1e2d3c4b-1111-4222-8333-444455556666'

/** The browser is that of their owner, an administrator. */
export async function makeThings(server: FuzzServer, vercel: OauthDouble): Promise<Things & { browser: Browser }> {
  const { store, ports } = server.running.runtime
  const { pool } = store.database
  // Somebody who signs in as often as this test does is sent away for a while.
  await pool.query('delete from attempts')
  await signIn(server)
  const browser = await signIn(server)
  const ask = async (method: string, path: string, body?: unknown): Promise<Json> => {
    const answer = await browser.send(method, `/api/v1${path}`, body)
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const [{ people }, { devices }] = [await ask('GET', '/people'), await ask('GET', '/devices')]
  const personId = people.find((person: Json) => person.email === email).id
  const blob = await store.blobs.put(Buffer.from(`output ${performance.now()}`))
  const session = ports.ids.next()
  const past: EventBody[] = [
    sessionCreated,
    message('hello'),
    { type: 'tool-finished', callId: 'c', ok: true, output: 'x', blob, ms: 1, changed: false, problem: null, facts: {} },
  ]
  const at = new Date(ports.clock.now()).toISOString()
  const events = past.map((body) => ({ id: ports.ids.next(), at, actor: { kind: 'person' as const, id: 'local' }, body }))
  await ports.log.append({ sessionId: session, events, expectedSeq: 0, lease: null, wake: 'no' })
  await pool.query(
    `insert into notion_databases (owner_id, data_source_id, database_id, person_id, title, fields, statuses, defaults, is_queue)
     values ('local', $1, $1, $2, 'Tasks', '{"title": {"id": "title", "type": "title"}, "status": {"id": "x", "type": "status"}}', '{}', '{}', false)
     on conflict do nothing`,
    [notionDatabase, personId],
  )
  const { model, repository } = server
  const [{ id: keyId }, trigger, routine, plan, connection, share] = [
    await ask('POST', '/keys', { name: 'x' }),
    await ask('POST', '/triggers', { provider: 'gitlab', slug: `acme/${session}` }),
    await ask('POST', '/routines', { name: 'x', cron: '0 3 1 1 *', session: { task: 'x', repository } }),
    await ask('POST', '/plans', { idea: 'x', repository, model }),
    await ask('POST', '/connections', { provider: 'vercel', token: vercel.grants.give({ id: 1, login: 'ada' }) }),
    await ask('POST', `/sessions/${session}/shares`, {}),
  ]
  return {
    browser,
    session,
    blob,
    keyId,
    personId,
    notionDatabase,
    trigger: trigger.id,
    routine: routine.id,
    plan: plan.id,
    connection: connection.id,
    share: { id: share.id, token: share.token },
    device: devices.find((device: Json) => !device.isCurrent).id,
  }
}

async function signIn({ url }: FuzzServer): Promise<Browser> {
  const browser = openBrowser(url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email })
  await browser.visit(body.shownLink)
  return browser
}

// People in every role, and one of them with something of every kind that the others must not get.

import { openTestApi, type Json, type TestApi } from '../../../apps/server/src/testing/test-api.ts'
import { openBrowser, type Browser } from '../../../apps/server/src/testing/test-browser.ts'
import { startOauthDouble } from '../../doubles/oauth/start-oauth-double.ts'
import { message } from '../../../apps/server/src/testing/test-store.ts'

/** Everything that the owner wrote holds this word. */
export const PRIVATE_WORD = 'quartz-hummingbird'

export const callers = ['anonymous', 'viewer', 'other', 'administrator', 'owner'] as const
export type CallerName = (typeof callers)[number]

/** What the paths of routes name, all of one owner. */
export interface Things {
  session: string
  blob: string
  keyId: string
  routine: string
  plan: string
  connection: string
  trigger: string
  device: string
  personId: string
  /** Of Notion, connected by the owner. */
  notionDatabase: string
  share: { id: string; token: string }
}

export interface World extends Things {
  api: TestApi
  browsers: Record<CallerName, Browser>
  key: string
  ownerId: string
  withdrawn: { token: string }
  close(): Promise<void>
}

export async function openWorld(): Promise<World> {
  const vercel = await startOauthDouble({ provider: 'vercel' })
  const api = await openTestApi({ requestsPerMinute: 100_000, environment: vercel.environment })
  const { store } = api.db
  const signIn = async (name: string): Promise<Browser> => {
    const browser = openBrowser(api.url)
    const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
    await browser.visit(body.shownLink)
    return browser
  }
  const administrator = await signIn('administrator')
  const [owner, other, viewer] = [await signIn('owner'), await signIn('other'), await signIn('viewer')]
  const { people } = (await administrator.send('GET', '/api/v1/people')).body
  const idOf = (name: string): string => people.find((person: Json) => person.email === `${name}@example.org`).id
  await administrator.send('PATCH', `/api/v1/people/${idOf('viewer')}`, { role: 'viewer' })

  const personId = idOf('owner')
  const { rows } = await store.database.pool.query<{ owner: string }>('select owner_id as owner from people where id = $1', [personId])
  const ownerId = rows[0]?.owner ?? ''
  const task = { text: `Find the ${PRIVATE_WORD}`, source: { kind: 'api' as const, ref: null } }
  const session = await api.db.create({
    ownerId,
    task,
    title: PRIVATE_WORD,
    repository: { url: `/srv/${PRIVATE_WORD}`, forge: 'local', slug: null, base: null },
  })
  const blob = await store.blobs.put(Buffer.from(`output with ${PRIVATE_WORD}`))
  await api.db.append(session, [
    message(PRIVATE_WORD),
    { type: 'tool-finished', callId: 'c', ok: true, output: PRIVATE_WORD, blob, ms: 1, changed: false, problem: null, facts: {} },
  ])
  const made = async (path: string, body: unknown): Promise<Json> => {
    const answer = await owner.send('POST', path, body)
    if (answer.status !== 201) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const key = await made('/api/v1/keys', { name: PRIVATE_WORD })
  const trigger = await made('/api/v1/triggers', { provider: 'gitlab', slug: `acme/${PRIVATE_WORD}` })
  const routine = await made('/api/v1/routines', {
    name: PRIVATE_WORD,
    cron: '0 3 * * 1',
    session: { task: PRIVATE_WORD, repository: 'acme/clock' },
  })
  const plan = await made('/api/v1/plans', { idea: PRIVATE_WORD, repository: 'acme/clock', model: 'ollama/test' })
  const connection = await made('/api/v1/connections', {
    provider: 'vercel',
    token: vercel.grants.give({ id: 1, login: PRIVATE_WORD }),
  })
  await owner.send('PATCH', '/api/v1/me', { name: 'Olive', preferences: { note: PRIVATE_WORD } })
  const share = await made(`/api/v1/sessions/${session}/shares`, {})
  const withdrawn = await made(`/api/v1/sessions/${session}/shares`, {})
  await owner.send('DELETE', `/api/v1/sessions/${session}/shares/${withdrawn.id}`)
  const notionDatabase = '1e2d3c4b-1111-4222-8333-444455556666'
  await store.database.pool.query(
    `insert into notion_databases (owner_id, data_source_id, database_id, person_id, title, fields, statuses, defaults, is_queue)
     values ($1, $2, $2, $3, $4, '{"title": {"id": "title", "type": "title"}, "status": {"id": "x", "type": "status"}}', '{}', '{}', false)`,
    [ownerId, notionDatabase, personId, PRIVATE_WORD],
  )
  await signIn('owner')
  const { devices } = (await owner.send('GET', '/api/v1/devices')).body
  return {
    api,
    browsers: { anonymous: openBrowser(api.url), viewer, other, administrator, owner },
    session,
    blob,
    key: key.key,
    keyId: key.id,
    routine: routine.id,
    plan: plan.id,
    connection: connection.id,
    trigger: trigger.id,
    device: devices.find((device: Json) => !device.isCurrent).id,
    personId,
    notionDatabase,
    ownerId,
    share: { id: share.id, token: share.token },
    withdrawn: { token: withdrawn.token },
    async close() {
      await api.close()
      await vercel.close()
    },
  }
}

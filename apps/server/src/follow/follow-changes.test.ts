import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EventBody, EventOf, EventType } from '@slipway/core/events'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { git } from '../../../../e2e/doubles/github/git-command.ts'
import { commitFile, makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import { type ForgeWorld, openForgeWorld, slug } from '../testing/forge-world.ts'

let folder: string
let world: ForgeWorld
let oid: string
let number = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'follow-changes-'))
  const origin = join(folder, 'origin')
  await makeRepository(origin)
  await commitFile(origin, { path: 'topic.txt', content: 'topic\n', branch: 'slipway/topic' })
  oid = await git(origin, ['rev-parse', 'slipway/topic'])
  world = await openForgeWorld({ from: origin })
})
beforeEach(async () => {
  await world.reset()
  number = await openPull()
})
afterAll(async () => {
  await world.close()
  await rm(folder, { recursive: true, force: true })
})

async function openPull(): Promise<number> {
  for (const pull of world.github.pulls(slug)) Object.assign(pull, { state: 'closed' })
  const { apiUrl } = world.github
  const headers = { authorization: 'Bearer token-of-the-double-0001' }
  const body = JSON.stringify({ title: 'Topic', head: 'slipway/topic', base: 'main', body: '' })
  const answer = await fetch(`${apiUrl}/repos/${slug}/pulls`, { method: 'POST', headers, body })
  return ((await answer.json()) as { number: number }).number
}

/** A session that has published the branch and ended. */
async function published(): Promise<string> {
  const { github, db } = world
  const repository = { url: `${github.url}/${slug}`, forge: 'github' as const, slug, base: null }
  const id = await db.create({ repository })
  await db.append(id, [
    { type: 'repository-prepared', baseBranch: 'main', baseOid: 'b'.repeat(40), branch: 'slipway/topic', ms: 1 },
    { type: 'branch-pushed', branch: 'slipway/topic', oid, alreadyThere: false },
    {
      type: 'change-request-opened',
      number,
      url: `${github.url}/${slug}/pull/${number}`,
      branch: 'slipway/topic',
      base: 'main',
      draft: false,
      alreadyThere: false,
    },
    { type: 'session-finished', outcome: 'verified', summary: 'Done.' },
  ])
  return id
}

const bodiesOf = async (id: string): Promise<EventBody[]> =>
  (await world.db.store.log.read({ sessionId: id, after: 0 })).map(({ body }) => body)
const only = async <T extends EventType>(id: string, type: T) =>
  (await bodiesOf(id)).filter((body): body is EventOf<T> => body.type === type)
const row = async (id: string) =>
  (await world.db.store.database.pool.query('select looks, ended_at, problem, due_at from followed where session_id = $1', [id])).rows[0]
const isLookedAt = (id: string, looks: number) =>
  world.until(async () => {
    const found = await row(id)
    return found !== undefined && found.looks >= looks && Date.parse(found.due_at) - Date.now() > 1_000_000
  })
const touched = () => world.deliver('pull_request', { pull_request: { number } })
const on = () => ({ kind: 'change-request' as const, number })
const check = (id: number, state: 'pending' | 'passed' | 'failed', log: string | null = 'Error: boom(\n') => ({
  id,
  oid,
  name: `job ${id}`,
  state,
  log,
})
const remark = (id: number, author: string, body = 'Rename it.') => ({
  id,
  on: on(),
  author,
  isBot: false,
  body,
  place: null,
  inReplyTo: null,
})

describe('a change request', () => {
  test('is looked at by two processes and at every delivery, and each thing is reported once', async () => {
    const id = await published()
    const { talk } = world
    talk.checks.push(check(1, 'failed'), check(2, 'passed'), check(3, 'failed', null))
    talk.comments.push(
      remark(11, 'rita'),
      remark(12, 'visitor'),
      { ...remark(13, 'ci'), isBot: true },
      remark(14, 'rita', 'Done.\n<!-- slipway:x -->'),
    )
    await world.work()
    await world.work()
    await isLookedAt(id, 1)
    for (let index = 0; index < 5; index++) await touched()
    await world.settled()
    await isLookedAt(id, 2)
    expect(await only(id, 'checks-reported')).toMatchObject([
      {
        oid,
        checks: [
          { name: 'job 1', state: 'failed', log: expect.stringContaining('Error: boom(') },
          { name: 'job 2', state: 'passed' },
          { name: 'job 3', state: 'failed', log: 'job 3 says failed' },
        ],
      },
    ])
    expect((await only(id, 'review-received')).map(({ author, trust }) => [author, trust])).toEqual([
      ['rita', 'trusted'],
      ['visitor', 'untrusted'],
    ])
    expect(await world.db.store.sessions.get(id)).toMatchObject({ wakeAt: expect.any(String) })
  })

  test('is not repaired before its other checks have ended, unless they take too long', async () => {
    const id = await published()
    const { talk } = world
    talk.checks.push(check(1, 'failed'), check(2, 'pending'))
    await world.work()
    await isLookedAt(id, 1)
    expect(await only(id, 'checks-reported')).toEqual([])
    Object.assign(talk.checks[1] ?? {}, { state: 'passed' })
    await touched()
    await world.until(async () => (await only(id, 'checks-reported')).length === 1)
  })

  test('that conflicts with its base is reported once', async () => {
    const id = await published()
    world.talk.conflicting.add(number)
    await world.work()
    await isLookedAt(id, 1)
    await touched()
    await isLookedAt(id, 2)
    expect(await only(id, 'conflict-noticed')).toMatchObject([{ oid, base: 'main' }])
  })

  test('is let go when it is closed, and begun again when it is opened again', async () => {
    const id = await published()
    const pull = world.github.pulls(slug).find((one) => one.number === number)
    Object.assign(pull ?? {}, { state: 'closed' })
    await world.work()
    await world.until(async () => ((await row(id))?.ended_at ?? null) !== null)
    Object.assign(pull ?? {}, { state: 'open' })
    world.talk.comments.push(remark(21, 'rita'))
    await touched()
    await world.until(async () => (await only(id, 'review-received')).length === 1)
    expect((await row(id)).ended_at).toBeNull()
    expect((await only(id, 'change-request-updated')).map(({ state }) => state)).toEqual(['closed', 'open'])
  })

  test('of a busy forge waits as long as it asks, and says why', async () => {
    const id = await published()
    world.github.fail({ method: 'GET', path: /check-runs/, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 7_200 } })
    await world.work()
    await world.until(async () => (await row(id))?.problem != null)
    const { problem, due_at: dueAt } = await row(id)
    expect(problem).toContain('GitHub wants to be asked later')
    expect(Date.parse(dueAt) - Date.now()).toBeGreaterThan(7_000_000)
    await touched()
    await world.until(async () => (await row(id)).problem === null)
  })

  test('that could not be looked at is looked at again soon, whatever the timetable says', async () => {
    const id = await published()
    world.github.fail({ method: 'GET', path: /pulls\/\d+$/, fault: { kind: 'drop', when: 'before' } })
    await world.work()
    await world.until(async () => (await row(id))?.problem != null)
    expect(Date.parse((await row(id)).due_at) - Date.now()).toBeLessThan(60_000)
  })

  test('comes back from the log when what was noted of it is lost', async () => {
    const id = await published()
    await world.db.store.database.pool.query('truncate followed')
    world.talk.comments.push(remark(31, 'rita'))
    await world.work()
    await world.until(async () => (await only(id, 'review-received')).length === 1)
  })
})

describe('a comment', () => {
  const ends = (id: string, summary: string) => world.db.append(id, [{ type: 'session-finished', outcome: 'verified', summary }])
  const replies = () => world.talk.comments.filter(({ author }) => author === 'slipway-bot')

  test('is answered in its thread when the turn ends, once, though the answer was lost', async () => {
    const id = await published()
    world.talk.comments.push({ ...remark(41, 'rita'), place: { path: 'topic.txt', line: 1 } }, remark(42, 'visitor'))
    await world.work()
    await world.until(async () => (await only(id, 'review-received')).length === 2)
    // The agent has read what was said.
    await world.db.append(id, [
      { type: 'model-requested', callId: 'm', role: 'code', model: 'x', attempt: 1, promptSha: '', reservedMicros: 0, forCallId: null },
    ])
    world.github.fail({ method: 'POST', path: /replies$/, fault: { kind: 'drop', when: 'after' } })
    await ends(id, 'Re c2: renamed, @visitor.')
    await world.until(async () => (await only(id, 'write-back-done')).length === 1)
    await world.settled()
    expect(replies()).toMatchObject([{ inReplyTo: 41, body: expect.stringMatching(/^renamed, @.visitor\.\n\n<!-- slipway:reply/) }])
    await touched()
    await isLookedAt(id, 2)
    await world.settled()
    expect(replies()).toHaveLength(1)
    expect(await only(id, 'write-back-done')).toHaveLength(1)
  })

  test('that leads to a question is answered with it', async () => {
    const id = await published()
    world.talk.comments.push(remark(51, 'rita'))
    await world.work()
    await world.until(async () => (await only(id, 'review-received')).length === 1)
    const ask = { askId: 'a1', kind: 'question' as const, question: 'Which name?', options: [], callId: 'c', effect: null, expiresAt: null }
    await world.db.append(id, [{ type: 'human-asked', ...ask }])
    await world.until(async () => replies().length === 1)
    expect(replies()[0]?.body).toContain('Which name?')
  })
})

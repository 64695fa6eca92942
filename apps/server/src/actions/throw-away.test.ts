import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLocalForge } from '@slipway/connectors/local/open-local-forge'
import type { RepositoryRef } from '@slipway/core/events'
import type { Forge } from '@slipway/core/ports'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { git } from '../../../../e2e/doubles/github/git-command.ts'
import { commitFile, makeRepository } from '../../../../e2e/doubles/github/make-repository.ts'
import { localPerson } from '../auth/person.ts'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { throwAway } from './throw-away.ts'

const signal = new AbortController().signal
const branch = 'slipway/s1-topic'
let db: TestStore
let folder: string
let repository: RepositoryRef
let forge: Forge
let sessionId: string
let isPutAway: boolean

beforeAll(async () => {
  db = await openTestStore()
})
afterAll(() => db.close())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throw-away-'))
  const baseOid = await makeRepository(folder)
  await commitFile(folder, { path: 'topic.txt', content: 'topic\n', branch })
  await git(folder, ['checkout', '--quiet', 'main'])
  repository = { url: folder, forge: 'local', slug: null, base: null }
  forge = openLocalForge({ home: folder, clock: { now: Date.now, sleep: () => Promise.resolve() } })
  sessionId = await db.create({ repository })
  await db.append(sessionId, [
    { type: 'repository-prepared', baseBranch: 'main', baseOid, branch, ms: 1 },
    { type: 'session-finished', outcome: 'stopped', summary: '' },
  ])
  isPutAway = false
  return () => rm(folder, { recursive: true, force: true })
})

const open = () => forge.openChangeRequest({ repository, branch, base: 'main', title: 'A topic', body: '', draft: true, signal })
const stateAtForge = async () => {
  const found = await forge.findChangeRequest({ repository, branch, signal })
  return found.ok ? found.changeRequest?.state : null
}
const away = (through: Partial<Forge> = {}) => {
  const forges = { for: () => ({ ok: true as const, forge: { ...forge, ...through } }) }
  const ports = { ...db.ports, ...db.store, person: localPerson, forges }
  return throwAway(ports, {
    sessionId,
    putAway: async () => {
      isPutAway = true
    },
  })
}

test('closes the change request, also one that the log does not know of, says so in the log, and puts the session away', async () => {
  await open()
  expect(await away()).toEqual({ closed: { number: 1, url: expect.stringContaining('#change-request-1') } })
  expect([await stateAtForge(), isPutAway]).toEqual(['closed', true])
  const events = await db.store.log.read({ sessionId, after: 0 })
  expect(events.at(-1)?.body).toMatchObject({ type: 'write-back-done', target: 'change request 1 (closed)' })
  expect(await away()).toEqual({ closed: null })
  expect(await db.store.log.read({ sessionId, after: 0 })).toHaveLength(events.length)
})

test('leaves one alone that is merged, and needs none', async () => {
  expect(await away()).toEqual({ closed: null })
  await open()
  await git(folder, ['-c', 'user.name=Ada', '-c', 'user.email=a@b', 'merge', '--quiet', '--no-ff', '-m', 'Merge', branch])
  expect(await away()).toEqual({ closed: null })
  expect(await stateAtForge()).toBe('merged')
})

test('keeps the session in the list when the forge did not close it, and closes it at the next try', async () => {
  await open()
  const refused = { ok: false, problem: 'auth', message: 'Reconnect in Settings → Connections.', retryAfterMs: null } as const
  await expect(away({ closeChangeRequest: () => Promise.resolve(refused) })).rejects.toThrow('Settings → Connections')
  expect([await stateAtForge(), isPutAway]).toEqual(['open', false])
  expect((await away()).closed?.number).toBe(1)
  expect([await stateAtForge(), isPutAway]).toEqual(['closed', true])
})

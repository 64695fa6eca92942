import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openTestStore, type TestStore } from '../testing/test-store.ts'
import { createPeople, type People } from './people.ts'

let db: TestStore
let people: People
beforeAll(async () => {
  db = await openTestStore()
  people = createPeople(db.store.database.pool)
})
beforeEach(() => db.store.database.pool.query('truncate people'))
afterAll(() => db.close())

test('of many who come first at the same moment exactly one becomes administrator, and all come in', async () => {
  const admitted = await Promise.all(
    Array.from({ length: 8 }, (_, index) => people.admit({ email: `p${index}@example.org`, name: '', mayJoin: true })),
  )
  expect(admitted.map((row) => row?.role).sort()).toEqual(['administrator', ...Array<string>(7).fill('member')])
  expect(admitted.filter((row) => row?.ownerId === 'local')).toMatchObject([{ role: 'administrator' }])
})

test('where somebody was invited before anybody came, no stranger is first', async () => {
  await people.invite({ email: 'Grace@Example.org', role: 'administrator' })
  expect(await people.admit({ email: 'eve@example.org', name: 'Eve', mayJoin: false })).toBe(null)
  expect(await people.isNew()).toBe(true)
  const first = await people.admit({ email: 'grace@example.org', name: 'Grace', mayJoin: false })
  expect(first).toMatchObject({ role: 'administrator', ownerId: 'local', name: 'Grace' })
  expect(await people.admit({ email: 'grace@example.org', name: 'Other', mayJoin: false })).toMatchObject({ id: first?.id, name: 'Grace' })
})

test('who is shut out does not come in again by signing in', async () => {
  await people.admit({ email: 'ada@example.org', name: '', mayJoin: true })
  const row = await people.admit({ email: 'bob@example.org', name: '', mayJoin: true })
  expect(await people.change({ id: row?.id ?? '', role: null, isDisabled: true })).toBe('ok')
  expect(await people.admit({ email: 'bob@example.org', name: '', mayJoin: true })).toBe(null)
  expect(await people.change({ id: row?.id ?? '', role: null, isDisabled: false })).toBe('ok')
  expect(await people.admit({ email: 'bob@example.org', name: '', mayJoin: true })).toMatchObject({ id: row?.id, role: 'member' })
})

test('work goes on in the name of members and of the command line, not of viewers, strangers or who is shut out', async () => {
  expect(await people.mayWork('local')).toBe(true)
  const admin = await people.admit({ email: 'ada@example.org', name: '', mayJoin: true })
  const member = await people.admit({ email: 'bob@example.org', name: '', mayJoin: true })
  const mayWork = async () => [await people.mayWork('local'), await people.mayWork(member?.ownerId ?? ''), await people.mayWork('nobody')]
  expect(admin?.ownerId).toBe('local')
  expect(await mayWork()).toEqual([true, true, false])
  await people.change({ id: member?.id ?? '', role: 'viewer', isDisabled: null })
  expect(await mayWork()).toEqual([true, false, false])
  await people.change({ id: member?.id ?? '', role: 'member', isDisabled: true })
  expect(await mayWork()).toEqual([true, false, false])
})

test('of two administrators who take the role from each other at the same moment one keeps it', async () => {
  for (let round = 0; round < 5; round++) {
    await db.store.database.pool.query('truncate people')
    const rows = [
      await people.admit({ email: 'a@example.org', name: '', mayJoin: true }),
      await people.admit({ email: 'b@example.org', name: '', mayJoin: true }),
    ]
    const [a, b] = rows.map((row) => row?.id ?? '') as [string, string]
    await people.change({ id: b, role: 'administrator', isDisabled: null })
    const results = await Promise.all([a, b].map((id) => people.change({ id, role: 'member', isDisabled: null })))
    expect(results.sort()).toEqual(['last', 'ok'])
  }
})

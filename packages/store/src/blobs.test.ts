import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Blobs } from '@slipway/core/ports'
import { createBlobs } from './blobs.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
let blobs: Blobs

beforeAll(async () => {
  testDatabase = await openTestDatabase()
  blobs = createBlobs(testDatabase.database.pool)
})
afterAll(() => testDatabase.close())

test('bytes come back by their SHA-256, whatever they are', async () => {
  const large = randomBytes(3_000_000)
  const view = new Uint8Array(large.buffer, large.byteOffset + 5, 10)
  for (const bytes of [large, view, new Uint8Array()]) {
    const sha = await blobs.put(bytes)
    expect(sha).toBe(createHash('sha256').update(bytes).digest('hex'))
    expect(Buffer.from((await blobs.get(sha)) ?? 'missing').equals(bytes)).toBe(true)
  }
})

test('the same bytes are stored once, also when put at the same time', async () => {
  const bytes = randomBytes(1_000)
  const names = await Promise.all(Array.from({ length: 5 }, () => blobs.put(bytes)))
  expect(new Set(names).size).toBe(1)
  expect((await testDatabase.database.pool.query('select from blobs where sha = $1', [names[0]])).rowCount).toBe(1)
})

test('an unknown name gives null', async () => {
  expect(await blobs.get('0'.repeat(64))).toBeNull()
})

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeSecret } from '@slipway/core/secret'
import { joinEmbeddedServer } from '@slipway/store/embedded/embedded-postgres'
import { describe, expect, test } from 'vitest'
import { checkDatabase } from './check-database.ts'
import { closedPort, hostWith, temporaryFolder } from './testing/fake-host.ts'

describe('embedded', () => {
  test('nothing there yet is well', async () => {
    expect(await embedded(await temporaryFolder())).toMatchObject({
      state: 'ok',
      summary: expect.stringMatching(/^embedded PostgreSQL \d+ is made at the first start$/),
    })
  })

  test('data of another version is named, with the way out', async () => {
    const home = await homeWith({ PG_VERSION: '14\n' })
    expect(await embedded(home)).toMatchObject({
      state: 'fail',
      summary: expect.stringMatching(/^the data is of PostgreSQL 14, Slipway brings \d+$/),
      fix: expect.stringContaining('pg_dumpall'),
    })
  })

  test('what a power loss left over recovers by itself', async () => {
    const home = await homeWith({ PG_VERSION: '18\n', 'postmaster.pid': '4194303\n' })
    expect(await embedded(home)).toMatchObject({ state: 'ok', summary: expect.stringContaining('it recovers at the next start') })
  })
})

describe('a running server', () => {
  test('is found when embedded, and judged when named by DATABASE_URL', async () => {
    const home = await temporaryFolder()
    const server = await joinEmbeddedServer(home)
    const named = (database: string) =>
      checkDatabase(hostWith({}), {
        home,
        databaseUrl: makeSecret(
          `postgres:///${database}?host=${server.address.host}&port=${server.address.port}&user=${server.address.user}`,
        ),
      })
    try {
      expect(await embedded(home)).toMatchObject({
        state: 'ok',
        summary: expect.stringMatching(/^embedded PostgreSQL runs as process \d+$/),
      })
      expect(await named('postgres')).toMatchObject({
        state: 'ok',
        summary: expect.stringMatching(/^PostgreSQL \d+ of DATABASE_URL answers$/),
      })
      expect(await named('nowhere')).toMatchObject({
        state: 'fail',
        cause: expect.stringContaining('There is no database called nowhere'),
        fix: expect.stringContaining('createdb'),
      })
    } finally {
      await server.leave()
    }
  })

  test('that is not there is named without its password', async () => {
    const port = await closedPort()
    const finding = await checkDatabase(hostWith({}), {
      home: '/nonexistent',
      databaseUrl: makeSecret(`postgres://ada:hunter2@127.0.0.1:${port}/slipway`),
    })
    expect(finding).toMatchObject({ state: 'fail', cause: `Nothing listens at 127.0.0.1:${port}.` })
    expect(JSON.stringify(finding)).not.toContain('hunter2')
  })
})

function embedded(home: string) {
  return checkDatabase(hostWith({}), { home, databaseUrl: null })
}

async function homeWith(contents: Record<string, string>): Promise<string> {
  const home = await temporaryFolder()
  const data = join(home, 'postgres', 'data')
  await mkdir(data, { recursive: true })
  for (const [name, text] of Object.entries(contents)) await writeFile(join(data, name), text)
  return home
}

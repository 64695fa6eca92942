// Real servers, in places that they cannot bear.

import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureDataFolder } from './data-folder.ts'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { unprivilegedPrefix } from './unprivileged.ts'

const script = new URL('../testing/hold-database.child.ts', import.meta.url).pathname

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-server-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('too little shared memory is not taken for a full disk', async () => {
  if (process.getuid?.() !== 0) throw new Error('Only root may mount a small /dev/shm, so this test has to run as root.')
  const small = 'mount -t tmpfs -o size=64k tmpfs /dev/shm && exec "$0" "$@"'
  const words = ['--mount', 'sh', '-c', small, process.execPath, script, folder]
  const { stdout } = await promisify(execFile)('unshare', words, { timeout: 60_000 })
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, cause: 'server-failed', fix: expect.stringContaining('/dev/shm') })
})

test('a path that initdb cannot put into a shell is named as the cause', async () => {
  const binaries = await findPostgresBinaries()
  const native = join(folder, 'it "is" $5', 'native')
  await cp(join(binaries.initdb, '../..'), native, { recursive: true, verbatimSymlinks: true })
  const making = ensureDataFolder({
    data: join(folder, 'data'),
    prefix: await unprivilegedPrefix(),
    binaries: { ...binaries, initdb: join(native, 'bin/initdb'), postgres: join(native, 'bin/postgres') },
  })
  await expect(making).rejects.toMatchObject({ code: 'server-failed', fix: expect.stringContaining('dollar signs') })
})

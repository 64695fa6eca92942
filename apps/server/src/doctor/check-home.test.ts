import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkDisk, checkHome } from './check-home.ts'
import { hostWith, temporaryFolder } from './testing/fake-host.ts'

const GIGABYTE = 1024 ** 3

describe('home', () => {
  test('a private folder is well', async () => {
    const home = await temporaryFolder()
    expect(await checkHome(hostWith({}), home)).toEqual({ name: 'Home', state: 'ok', summary: home, cause: null, fix: null })
  })

  test('one that does not exist yet is judged by the folder it will be made in', async () => {
    const home = join(await temporaryFolder(), 'a', 'b')
    expect(await checkHome(hostWith({}), home)).toMatchObject({ state: 'ok', summary: `${home} (made at the first start)` })
    expect(await checkHome(hostWith({ canWrite: async () => false }), home)).toMatchObject({
      state: 'fail',
      summary: `${home} cannot be written`,
    })
  })

  test('one that others can read is doubtful', async () => {
    const home = await temporaryFolder()
    await chmod(home, 0o755)
    expect(await checkHome(hostWith({}), home)).toMatchObject({ state: 'warn', fix: `chmod 700 ${home}` })
  })

  test('a file in its place fails', async () => {
    const home = join(await temporaryFolder(), 'file')
    await writeFile(home, '')
    expect(await checkHome(hostWith({}), home)).toMatchObject({ state: 'fail', summary: `${home} is not a folder` })
  })
})

describe('disk', () => {
  test('the real file system is asked, for a folder that does not exist yet too', async () => {
    const home = join(await temporaryFolder(), 'later')
    expect((await checkDisk(hostWith({}), home)).summary).toMatch(/^\d+\.\d GB free at /)
  })

  test.each([
    [3 * GIGABYTE, 1e6, 'ok'],
    [1.9 * GIGABYTE, 1e6, 'warn'],
    [0.19 * GIGABYTE, 1e6, 'fail'],
    [0, 1e6, 'fail'],
    [50 * GIGABYTE, 0, 'fail'],
    [50 * GIGABYTE, 500, 'warn'],
    [50 * GIGABYTE, Infinity, 'ok'],
  ])('%d bytes and %d files are %s', async (bytes, filesLeft, state) => {
    const home = await temporaryFolder()
    await mkdir(home, { recursive: true })
    expect((await checkDisk(hostWith({ freeSpace: async () => ({ bytes, files: filesLeft }) }), home)).state).toBe(state)
  })
})

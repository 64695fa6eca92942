import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { apiTokenPath, isSameToken, openApiToken } from './api-token.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'slipway-token-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

test('every process that asks at the same time gets the same 256-bit token', async () => {
  const tokens = await Promise.all(Array.from({ length: 20 }, () => openApiToken(home)))
  expect(new Set(tokens).size).toBe(1)
  expect(Buffer.from(tokens[0] as string, 'base64url')).toHaveLength(32)
  expect(await readdir(home)).toEqual(['api-token'])
})

test('only the owner can read the token, even when the file was left open before', async () => {
  await writeFile(apiTokenPath(home), `${'x'.repeat(43)}\n`, { mode: 0o644 })
  await openApiToken(home)
  expect((await stat(apiTokenPath(home))).mode & 0o777).toBe(0o600)
})

test('a token that is too short is refused with what to do', async () => {
  await writeFile(apiTokenPath(home), 'abc\n')
  await expect(openApiToken(home)).rejects.toMatchObject({ name: 'SlipwayError', message: expect.stringContaining('Delete the file') })
})

test('a folder in the place of the token is refused with what to do', async () => {
  await mkdir(apiTokenPath(home))
  await expect(openApiToken(home)).rejects.toMatchObject({ name: 'SlipwayError', message: expect.stringContaining('Move it away') })
})

test('tokens of another length do not match', () => {
  expect(isSameToken('abc', 'abc')).toBe(true)
  expect(isSameToken('abcd', 'abc')).toBe(false)
  expect(isSameToken('', 'abc')).toBe(false)
})

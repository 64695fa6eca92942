import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openApiToken } from '../http/api-token.ts'
import { homeSecrets } from './home-secrets.ts'

test('the token of the API and every key of the installation are secrets, once they are there', async () => {
  const home = await mkdtemp(join(tmpdir(), 'slipway-home-secrets-'))
  onTestFinished(() => rm(home, { recursive: true, force: true }))
  expect(await homeSecrets(home)).toEqual([])
  const token = await openApiToken(home)
  const keys = ['k'.repeat(40), 'l'.repeat(40)]
  await writeFile(join(home, 'secret-key'), `${keys.join('\n')}\n`)
  expect(await homeSecrets(home)).toEqual([token, ...keys])
})

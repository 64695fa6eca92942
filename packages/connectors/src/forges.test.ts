import type { RepositoryRef } from '@slipway/core/events'
import { expect, it } from 'vitest'
import { openForges } from './forges.ts'
import { githubSettings } from './github/github-settings.ts'

const made = githubSettings({ url: 'https://git.example.org', token: 'ghp_token' })
if (!made.ok) throw new Error(made.message)
const forges = openForges({ home: '/nowhere', clock: { now: () => 0, sleep: () => Promise.resolve() }, github: made.settings })
const github: RepositoryRef = { url: 'https://git.example.org/acme/widgets', forge: 'github', slug: 'acme/widgets', base: null }

it('gives local and GitHub repositories different forges, the same one each time', () => {
  const local = forges.for({ url: '/srv/widgets', forge: 'local', slug: null, base: null })
  const hosted = forges.for(github)
  expect([local.ok, hosted.ok]).toEqual([true, true])
  expect(local).not.toEqual(hosted)
  expect(forges.for(github)).toEqual(hosted)
})

it.each([
  { ...github, url: 'https://github.com/acme/widgets' },
  { ...github, slug: 'acme/other' },
  { ...github, slug: null },
])('refuses to send the token of one server to another: %o', (repository) => {
  expect(forges.for(repository)).toEqual({ ok: false, message: expect.stringContaining('https://git.example.org') })
})

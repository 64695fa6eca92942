import type { RepositoryRef } from '@slipway/core/events'
import { expect, it } from 'vitest'
import { openForges } from './forges.ts'
import { githubSettings } from './github/github-settings.ts'
import { gitlabSettings } from './gitlab/gitlab-settings.ts'
import { accountsOf } from './testing/account-of-token.ts'

const github = githubSettings({ url: 'https://git.example.org' })
const gitlab = gitlabSettings({ url: 'https://example.org/gitlab' })
if (!github.ok || !gitlab.ok) throw new Error('settings')
const forges = openForges({
  home: '/nowhere',
  clock: { now: () => 0, sleep: () => Promise.resolve() },
  accounts: accountsOf({}),
  github: github.settings,
  gitlab: gitlab.settings,
})
const onGithub: RepositoryRef = { url: 'https://git.example.org/acme/widgets', forge: 'github', slug: 'acme/widgets', base: null }
const onGitlab: RepositoryRef = { url: 'https://example.org/gitlab/acme/x/widgets', forge: 'gitlab', slug: 'acme/x/widgets', base: null }
const signal = new AbortController().signal

it('has a forge for local, GitHub and GitLab repositories', () => {
  const local: RepositoryRef = { url: '/srv/widgets', forge: 'local', slug: null, base: null }
  expect([local, onGithub, onGitlab].map((repository) => forges.for(repository, 'local').ok)).toEqual([true, true, true])
})

it.each([
  { ...onGithub, url: 'https://github.com/acme/widgets' },
  { ...onGithub, slug: 'acme/other' },
  { ...onGithub, slug: null },
])('refuses to send the token of one server to another: %o', (repository) => {
  expect(forges.for(repository, 'local')).toEqual({ ok: false, message: expect.stringContaining('https://git.example.org') })
})

it('refuses a GitLab repository beside the path that GitLab lies at', () => {
  const repository = { ...onGitlab, url: 'https://example.org/acme/x/widgets' }
  expect(forges.for(repository, 'local')).toEqual({ ok: false, message: expect.stringContaining('https://example.org/gitlab') })
})

it.each([onGithub, onGitlab])('does nothing for a person without an account, and says where to connect one: $forge', async (repository) => {
  const found = forges.for(repository, 'somebody')
  const prepared = found.ok && (await found.forge.prepare({ repository, signal }))
  expect(prepared).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('Settings → Connections') })
})

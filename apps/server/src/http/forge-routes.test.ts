import { afterAll, beforeAll, expect, test } from 'vitest'
import { startGithubDouble, type GithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import { startGitlabDouble, type GitlabDouble } from '../../../../e2e/doubles/gitlab/start-gitlab-double.ts'
import { openBrowser, type Browser } from '../testing/test-browser.ts'
import { openTestApi, type Json, type TestApi } from '../testing/test-api.ts'

const tokens = { github: 'ghp_of-whoever-runs-it', gitlab: 'glpat-of-whoever-runs-it' }
let github: GithubDouble
let gitlab: GitlabDouble
let api: TestApi
let other: Browser

beforeAll(async () => {
  github = await startGithubDouble({ token: tokens.github, repositories: [] })
  gitlab = await startGitlabDouble({ token: tokens.gitlab, projects: [] })
  for (let index = 0; index < 103; index++) {
    const at = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString()
    const isPrivate = index % 2 === 0
    // Their contents do not matter, so one folder stands for all of them.
    await github.addRepository({ slug: `acme/thing-${index}`, from: null, isPrivate, pushedAt: at, isListedOnly: true })
    await gitlab.addProject({
      path: `acme/tools/thing-${index}`,
      from: null,
      visibility: isPrivate ? 'private' : 'public',
      lastActivityAt: at,
      isListedOnly: true,
    })
  }
  const environment = { GITHUB_URL: github.url, GITHUB_API_URL: github.apiUrl, GITHUB_TOKEN: tokens.github }
  api = await openTestApi({ environment: { ...environment, GITLAB_URL: gitlab.url, GITLAB_TOKEN: tokens.gitlab } })
  await signIn('administrator')
  other = await signIn('other')
})
afterAll(async () => {
  await api.close()
  await github.close()
  await gitlab.close()
})

async function signIn(name: string): Promise<Browser> {
  const browser = openBrowser(api.url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
  await browser.visit(body.shownLink)
  return browser
}

const list = async (provider: string, query = ''): Promise<Json> =>
  (await api.call('GET', `/api/integrations/${provider}/repos${query}`)).body
const names = (answer: Json): string[] => answer.repositories.map(({ name }: Json) => name)

test.each(['github', 'gitlab'] as const)('%s: all pages, the latest first, with what a person chooses by', async (provider) => {
  const first = await list(provider)
  const folder = provider === 'github' ? 'acme' : 'acme/tools'
  expect(first).toMatchObject({ isConnected: true, nextPage: 2 })
  expect(first.repositories[0]).toMatchObject({ name: `${folder}/thing-102`, isPrivate: true, canPush: true })
  expect(first.repositories[0].url).toBe(`${provider === 'github' ? github.url : gitlab.url}/${folder}/thing-102`)
  expect(first.repositories[1].isPrivate).toBe(false)
  const second = await list(provider, '?page=2')
  expect(second.nextPage).toBeNull()
  expect(new Set([...names(first), ...names(second)]).size).toBe(103)
})

test.each(['github', 'gitlab'] as const)('%s: a search finds parts of names on every page', async (provider) => {
  expect(names(await list(provider, '?search=thing-10'))).toHaveLength(4)
  expect(names(await list(provider, '?search=ACME'))).not.toHaveLength(0)
  expect(await list(provider, '?search=nothing-of-this-name')).toMatchObject({ repositories: [], nextPage: null })
})

test.each(['github', 'gitlab'] as const)('%s: the account of whoever runs the server is nobody else’s', async (provider) => {
  const asked = github.requests.length + gitlab.requests.length
  const answer = await other.send('GET', `/api/integrations/${provider}/repos`)
  expect(answer.body).toEqual({ isConnected: false, repositories: [], nextPage: null })
  expect(github.requests.length + gitlab.requests.length).toBe(asked)
})

test('branches of a private repository are asked for with the person’s own account', async () => {
  const address = encodeURIComponent(`${gitlab.url}/acme/tools/thing-102`)
  const refused = await other.send('GET', `/api/v1/repositories/branches?repository=${address}`)
  expect(refused.status).toBe(400)
  const sent = gitlab.requests.filter(({ path }) => path.includes('thing-102.git') || path.includes('thing-102/info'))
  expect(sent.length).toBeGreaterThan(0)
  expect(sent.filter(({ headers }) => headers['authorization'] !== undefined)).toEqual([])
})

test('a limit, a token that was revoked and a forge that is down are told', async () => {
  gitlab.fail({ path: /\/projects/, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 5 } })
  expect(await list('gitlab')).toMatchObject({ error: { code: 'rate-limited' } })
  gitlab.fail({ path: /\/projects/, fault: { kind: 'status', status: 500, when: 'before' } })
  expect(await list('gitlab')).toMatchObject({ error: { code: 'not-ready' } })
  gitlab.revoke(tokens.gitlab)
  expect(await list('gitlab')).toMatchObject({ error: { message: expect.stringContaining('Settings → Connections') } })
})

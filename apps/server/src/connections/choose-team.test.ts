import { afterAll, beforeAll, expect, test } from 'vitest'
import { startVercelDouble, type VercelDouble } from '../../../../e2e/doubles/vercel/start-vercel-double.ts'
import { openDeployer } from '../deployments/deployer.ts'
import { openTestApi, type TestApi } from '../testing/test-api.ts'
import { openBrowser, type Browser } from '../testing/test-browser.ts'

const token = ['vercel', 'of', 'ada', '0123'].join('-')
let vercel: VercelDouble
let api: TestApi
let ada: Browser
let teams: { id: string }[]

beforeAll(async () => {
  vercel = await startVercelDouble()
  vercel.addUser(token, 'ada')
  teams = [vercel.addTeam({ slug: 'blue', tokens: [token] }), vercel.addTeam({ slug: 'red', tokens: [token] })]
  vercel.addTeam({ slug: 'foreign', tokens: ['of-somebody-else'] })
  vercel.addProject({ name: 'own', tokens: [token] })
  for (const [index, { id }] of teams.entries()) vercel.addProject({ name: `of-team-${index}`, tokens: [token], teamId: id })
  api = await openTestApi({ environment: { VERCEL_API_URL: vercel.url } })
  ada = openBrowser(api.url)
  const { body } = await ada.send('POST', '/api/auth/sign-in/magic-link', { email: 'ada@example.org' })
  await ada.visit(body.shownLink)
})
afterAll(async () => {
  await api.close()
  await vercel.close()
})

/** The names of the projects that are deployed to now. */
async function projects(): Promise<string[]> {
  const { rows } = await api.db.store.database.pool.query<{ owner: string }>('select owner_id as owner from connections')
  const needs = { accounts: api.accounts, settings: api.settings, nowMs: Date.now }
  const deployer = await openDeployer(needs, rows[0]?.owner ?? '')
  const listed = await deployer?.client.listProjects({ cursor: null }, AbortSignal.timeout(10_000))
  return listed?.ok ? listed.value.projects.map(({ name }) => name) : []
}

test('the token of the environment is used for the team that is set beside it', async () => {
  const bare = await openTestApi({ environment: { VERCEL_API_URL: vercel.url, VERCEL_TOKEN: token, VERCEL_TEAM_ID: teams[0]?.id ?? '' } })
  const deployer = await openDeployer({ accounts: bare.accounts, settings: bare.settings, nowMs: Date.now }, 'local')
  const listed = await deployer?.client.listProjects({ cursor: null }, AbortSignal.timeout(10_000))
  expect(listed?.ok && listed.value.projects.map(({ name }) => name)).toEqual(['of-team-0'])
  await bare.close()
})

test('a token that reaches several teams is used for the one that was chosen', async () => {
  const { body: made } = await ada.send('POST', '/api/v1/connections', { provider: 'vercel', token })
  expect([made.team, await projects()]).toEqual([null, ['own']])
  const path = `/api/v1/connections/${made.id}`
  const [blue, red] = teams
  expect((await ada.send('GET', `${path}/teams`)).body).toEqual({
    teams: [
      { id: blue?.id, name: 'Team blue' },
      { id: red?.id, name: 'Team red' },
    ],
  })
  const chosen = await ada.send('PATCH', path, { teamId: red?.id })
  expect([chosen.status, chosen.body.team, await projects()]).toEqual([200, 'Team red', ['of-team-1']])
  expect((await ada.send('POST', `${path}/check`)).body.team).toBe('Team red')
  expect((await ada.send('PATCH', path, { teamId: 'team_foreign' })).status).toBe(400)
  expect(await projects()).toEqual(['of-team-1'])
  await ada.send('PATCH', path, { teamId: null })
  expect(await projects()).toEqual(['own'])
})

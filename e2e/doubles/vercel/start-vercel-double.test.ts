// The double refuses what Vercel refuses: without this, a client that is wrong would look right.

import { afterEach, beforeEach, expect, test } from 'vitest'
import { startVercelDouble, type VercelDouble } from './start-vercel-double.ts'

const [adas, beas] = ['token-of-ada', 'token-of-bea']
let vercel: VercelDouble
beforeEach(async () => {
  vercel = await startVercelDouble()
  vercel.addUser(adas, 'ada')
  vercel.addUser(beas, 'bea')
})
afterEach(() => vercel.close())

async function ask(method: string, path: string, body?: unknown, token = adas): Promise<[status: number, code: string | null]> {
  const answer = await fetch(`${vercel.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return [answer.status, text === '' ? null : ((JSON.parse(text) as { error?: { code: string } }).error?.code ?? null)]
}

const link = { type: 'github' as const, slug: 'acme/clock', repositoryId: '7', productionBranch: 'main' }
const source = { type: 'github', repoId: '7', ref: 'main', sha: 'a'.repeat(40) }

test('a token of nobody, a project of somebody else and a team that is not one’s own lead nowhere', async () => {
  vercel.addProject({ name: 'clock', tokens: [beas], link })
  const { id } = vercel.addTeam({ slug: 'blue', tokens: [beas] })
  expect(await ask('GET', '/v2/user', undefined, 'of-nobody')).toEqual([403, 'invalid_token'])
  expect(await ask('GET', '/v9/projects/clock')).toEqual([404, 'not_found'])
  expect(await ask('GET', '/v9/projects/clock', undefined, beas)).toEqual([200, null])
  expect(await ask('GET', `/v10/projects?teamId=${id}`)).toEqual([403, 'forbidden'])
  // A project of the account itself is none of a team, and the other way round.
  expect(await ask('GET', `/v9/projects/clock?teamId=${id}`, undefined, beas)).toEqual([404, 'not_found'])
})

test('only what is linked is deployed, and only what is ready is promoted', async () => {
  const project = vercel.addProject({ name: 'clock', tokens: [adas], link })
  const deploy = (gitSource: object) => ask('POST', '/v13/deployments', { name: 'clock', project: project.id, gitSource })
  expect(await deploy({ ...source, repoId: '8' })).toEqual([400, 'incorrect_git_source_info'])
  expect(await deploy({ ...source, sha: undefined })).toEqual([400, 'bad_request'])
  expect(vercel.deployments()).toEqual([])
  expect(await deploy(source)).toEqual([200, null])
  const id = vercel.deployments()[0]?.id ?? ''
  const promote = () => ask('POST', `/v10/projects/${project.id}/promote/${id}`)
  expect([await promote(), vercel.production('clock')]).toEqual([[400, 'bad_request'], null])
  vercel.progress(id, 'READY')
  expect(await ask('POST', `/v9/projects/${project.id}/rollback/${id}`)).toEqual([400, 'bad_request'])
  expect([await promote(), vercel.production('clock')]).toEqual([[202, null], id])
  expect(await promote()).toEqual([409, 'conflict'])
  expect(await ask('PATCH', `/v12/deployments/${id}/cancel`)).toEqual([400, 'bad_request'])
})

test('a project is made once in its team, with a repository that Vercel sees, by somebody it knows', async () => {
  const { id } = vercel.addTeam({ slug: 'blue', tokens: [adas] })
  const make = (name: string, query = '', token = adas) =>
    ask('POST', `/v11/projects${query}`, { name, gitRepository: { type: 'github', repo: 'acme/clock' } }, token)
  expect(await make('clock', '', 'of-nobody')).toEqual([403, 'invalid_token'])
  expect(await make('clock', `?teamId=${id}`, beas)).toEqual([403, 'forbidden'])
  vercel.setApp('acme', 'missing')
  expect(await make('clock')).toEqual([400, 'bad_request'])
  expect(vercel.projects()).toEqual([])
  vercel.setApp('acme', 'installed')
  expect([await make('clock'), await make('clock'), await make('clock', `?teamId=${id}`)].map(([status]) => status)).toEqual([
    200, 409, 200,
  ])
  expect(vercel.projects().map(({ name, teamId, link: linked }) => [name, teamId, linked?.slug])).toEqual([
    ['clock', null, 'acme/clock'],
    ['clock', id, 'acme/clock'],
  ])
})

test('what it does not know is not there, so that a client which needs more fails loudly', async () => {
  expect(await ask('GET', '/v1/made-up')).toEqual([404, 'not_found'])
  expect(await ask('GET', '/v1/user')).toEqual([404, 'not_found'])
  expect(await ask('POST', '/v11/projects', { name: 'Not A Name' })).toEqual([400, 'bad_request'])
})

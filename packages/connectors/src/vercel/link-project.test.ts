import { makeSecret } from '@slipway/core/secret'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startVercelDouble, type VercelDouble } from '../../../../e2e/doubles/vercel/start-vercel-double.ts'
import { linkProject, type LinkedRepository } from './link-project.ts'
import { createVercelClient } from './vercel-client.ts'

const token = ['vercel', 'token', 'of', 'ada'].join('-')
let vercel: VercelDouble
let teamId: string
beforeEach(async () => {
  vercel = await startVercelDouble()
  vercel.addUser(token, 'ada')
  teamId = vercel.addTeam({ slug: 'blue', tokens: [token] }).id
})
afterEach(() => vercel.close())

const clock: LinkedRepository = { type: 'github', slug: 'acme/clock', url: 'https://github.com/acme/clock' }

function link(name = 'clock', repository = clock) {
  const holder = { token: async () => ({ ok: true as const, token: makeSecret(token) }) }
  const client = createVercelClient({ apiUrl: vercel.url, holder, teamId, requestTimeoutMs: 5_000, nowMs: Date.now })
  return linkProject(client, { name, repository }, new AbortController().signal)
}

const projectOf = (slug: string) => ({ type: 'github' as const, slug, repositoryId: '1', productionBranch: 'main' })
const add = (name: string, slug: string | null) =>
  vercel.addProject({ name, tokens: [token], teamId, link: slug === null ? null : projectOf(slug) })
const creations = () => vercel.requests.filter(({ method }) => method === 'POST').length
const onCreation = { method: 'POST', path: /projects$/ }

test('a project is made in the chosen team, and whoever asks again gets the same', async () => {
  expect(await link()).toMatchObject({ ok: true, alreadyThere: false, project: { name: 'clock', link: { slug: 'acme/clock' } } })
  expect(await link()).toMatchObject({ ok: true, alreadyThere: true, project: { name: 'clock' } })
  expect([creations(), vercel.projects().map((one) => one.teamId)]).toEqual([1, [teamId]])
})

test.each(['lost-answer', 'cut'] as const)('a creation with a %s is looked up and not made again', async (kind) => {
  vercel.fault({ ...onCreation, kind })
  expect(await link()).toMatchObject({ ok: true, alreadyThere: true, project: { name: 'clock' } })
  expect([creations(), vercel.projects().length]).toEqual([1, 1])
})

test('one that was never carried out is a failure that says so', async () => {
  vercel.fault({ ...onCreation, kind: 'status', status: 502 })
  expect(await link()).toMatchObject({ ok: false, problem: 'network', isAnswerLost: true })
  expect(vercel.projects()).toEqual([])
})

test.each([
  ['acme/clock', { ok: true, alreadyThere: true, project: { name: 'clock' } }],
  ['acme/other', { ok: false, problem: 'conflict', message: expect.stringContaining('linked to acme/other') }],
  [null, { ok: false, problem: 'conflict', message: expect.stringContaining('Choose another name') }],
])('a name that somebody takes in the meantime, for %s, is looked at again', async (slug, expected) => {
  const meanwhile = async () => void add('clock', slug)
  vercel.fault({ ...onCreation, kind: 'status', status: 409, meanwhile })
  expect(await link()).toMatchObject(expected)
  expect([creations(), vercel.projects().length]).toEqual([1, 1])
})

test('a name that is taken where nobody can look is said to be taken', async () => {
  vercel.fault({ ...onCreation, kind: 'status', status: 409 })
  expect(await link()).toMatchObject({ ok: false, problem: 'conflict', message: expect.stringContaining('Choose another name') })
})

test.each([
  ['acme/other', /linked to acme\/other/],
  [null, /no repository is linked/],
])('a project of that name that is linked to %s is left alone', async (slug, why) => {
  const { id } = add('clock', slug)
  expect(await link()).toMatchObject({ ok: false, problem: 'conflict', message: expect.stringMatching(why) })
  expect([creations(), vercel.projects().map((one) => one.id)]).toEqual([0, [id]])
})

test('a project of another name that deploys the repository is used', async () => {
  add('sundial', 'acme/clock')
  expect(await link()).toMatchObject({ ok: true, alreadyThere: true, project: { name: 'sundial' } })
  expect(creations()).toBe(0)
})

test('one of GitLab is known by its address, not by what its groups are called', async () => {
  const repository: LinkedRepository = { type: 'gitlab', slug: 'acme/tools/clock', url: 'https://gitlab.com/acme/tools/clock' }
  vercel.fault({ ...onCreation, kind: 'lost-answer' })
  expect(await link('clock', repository)).toMatchObject({ ok: true, project: { link: { type: 'gitlab', slug: 'acme/tools/clock' } } })
  // The same path on another forge is another repository.
  expect(await link('clock', { ...repository, type: 'github' })).toMatchObject({ ok: false, problem: 'conflict' })
})

test.each([
  ['github', /integration first\. .*https:\/\/github\.com\/apps\/vercel.*acme\/clock.*try again/],
  ['gitlab', /Login Connection.*connect your GitLab account.*try again/],
] as const)('what Vercel’s app cannot see at %s is refused with the way out', async (type, message) => {
  vercel.setApp('acme', 'missing')
  expect(await link('clock', { ...clock, type })).toMatchObject({ ok: false, problem: 'refused', message: expect.stringMatching(message) })
  vercel.setApp('acme', 'installed')
  expect(await link('clock', { ...clock, type })).toMatchObject({ ok: true })
})

test.each([
  [{ status: 403 }, { problem: 'forbidden' }],
  [{ status: 402 }, { problem: 'payment' }],
  [{ status: 401 }, { problem: 'auth', message: expect.stringContaining('Reconnect Vercel') }],
  [
    { status: 429, headers: { 'retry-after': '7' } },
    { problem: 'rate-limit', retryAfterMs: 7_000 },
  ],
])('a creation answered with %o is %o, and not made', async (given, expected) => {
  vercel.fault({ ...onCreation, kind: 'status', ...given })
  expect(await link()).toMatchObject({ ok: false, ...expected })
  expect([creations(), vercel.projects()]).toEqual([1, []])
})

import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareMirror } from '@slipway/git/prepare-mirror'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestApi, type Json, type TestApi } from '../testing/test-api.ts'
import { sessionCreated } from '../testing/test-store.ts'
import { parseFeatures } from './parse-features.ts'
import { findCycles } from './read-board.ts'

const list = `features:
  - { id: dial, title: A dial, status: done }
  - { id: gnomon, title: A gnomon, needs: [dial] }
  - { id: shadow, title: A shadow, needs: [gnomon, sun] }
  - { id: Bad Id, title: x }
`

let api: TestApi
let repository: string
beforeAll(async () => {
  api = await openTestApi()
  repository = await mkdtemp(join(tmpdir(), 'slipway-board-'))
  await mkdir(join(repository, '.slipway'))
  await writeFile(join(repository, '.slipway/features.yaml'), list)
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: repository, encoding: 'utf8' })
  git('init', '-q', '-b', 'main')
  git('add', '.')
  git('commit', '-q', '-m', 'x')
  await prepareMirror({ home: api.home, url: repository, base: null, credential: null })
  const ref = { ...sessionCreated.repository, url: repository }
  const work = async (text: string) => api.db.create({ title: text, task: { ...sessionCreated.task, text }, repository: ref })
  const id = await work('Sharpen the edge [gnomon]')
  await api.db.append(id, [
    { type: 'repository-prepared', baseBranch: 'main', baseOid: git('rev-parse', 'HEAD').trim(), branch: 'slipway/x', ms: 1 },
    { type: 'session-finished', outcome: 'verified', summary: '' },
  ])
  await work('Sweep the floor')
  await api.db.create({ ownerId: 'somebody else', title: 'Secret', repository: ref })
})
afterAll(async () => {
  await api.close()
  await rm(repository, { recursive: true })
})

test('the board joins the repository’s list with the person’s sessions, and tells what is wrong with the list', async () => {
  const { body } = await api.call('GET', `/api/v1/board?repository=${encodeURIComponent(repository)}`)
  expect(body.features.map((feature: Json) => [feature.id, feature.status, feature.isBlocked, feature.sessions.length])).toEqual([
    ['dial', 'done', false, 0],
    ['gnomon', 'doing', false, 1],
    ['shadow', 'todo', true, 0],
  ])
  expect(body.tasks.map((task: Json) => task.title)).toEqual(['Sweep the floor'])
  expect(body.problems).toEqual([expect.stringContaining('Feature 4: id'), 'Not in the list: shadow needs sun.'])
  expect(body.statistics).toMatchObject({ sessions: 2, verified: 1, failed: 0 })
  expect(JSON.stringify(body)).not.toContain('Secret')
})

test('a tool that speaks the Model Context Protocol reads the same board', async () => {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL(`${api.url}/api/v1/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${api.token}` } },
  })
  await client.connect(transport as Parameters<Client['connect']>[0])
  const { resources } = await client.listResources()
  expect(resources.map(({ name }) => name)).toEqual([`Board of ${repository}`])
  const { contents } = await client.readResource({ uri: resources[0]?.uri ?? '' })
  const [content] = contents
  expect(JSON.parse(content && 'text' in content ? content.text : '').features).toHaveLength(3)
  await client.close()
  expect((await fetch(`${api.url}/api/v1/mcp`, { method: 'POST', body: '{}' })).status).toBe(401)
  // The protocol's way to say that nothing comes by itself; a stream that stays open and silent would be a leak.
  const asked = await fetch(`${api.url}/api/v1/mcp`, { headers: { authorization: `Bearer ${api.token}`, accept: 'text/event-stream' } })
  expect([asked.status, asked.headers.get('allow')]).toEqual([405, 'POST'])
})

test('lists that are no list are told as that', () => {
  expect(parseFeatures('').problems).toEqual([])
  expect(parseFeatures('features: 3').problems).toEqual([expect.stringContaining('needs a list called `features`')])
  expect(parseFeatures('a: [').problems).toEqual([expect.stringContaining('is no valid YAML')])
  expect(parseFeatures('a: &a [x]\nfeatures: [*a, *a]').problems).toHaveLength(1)
  expect(parseFeatures('features:\n- {id: a, title: x}\n- {id: a, title: y}').problems).toEqual(['Feature 2: the id a is there twice.'])
})

test('rings are found, also in long chains', () => {
  expect(
    findCycles([
      { id: 'a', needs: ['b'] },
      { id: 'b', needs: ['c'] },
      { id: 'c', needs: ['b'] },
    ]),
  ).toEqual([['b', 'c']])
  expect(findCycles([{ id: 'a', needs: ['a'] }])).toEqual([['a']])
  expect(findCycles(Array.from({ length: 20_000 }, (_, index) => ({ id: `${index}`, needs: [`${index + 1}`] })))).toEqual([])
})

// Watched repositories and deployments from the command line, against a running server.

import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { followOnce } from '../../apps/server/src/deployments/follow-deployments.ts'
import { openTestApi, type TestApi } from '../../apps/server/src/testing/test-api.ts'
import { startVercelDouble, type VercelDouble } from '../doubles/vercel/start-vercel-double.ts'

const MAIN = new URL('../../apps/cli/src/start.mjs', import.meta.url).pathname
const token = ['vercel', 'of', 'ada'].join('-')
let vercel: VercelDouble
let api: TestApi

beforeAll(async () => {
  vercel = await startVercelDouble()
  vercel.addUser(token)
  api = await openTestApi({ environment: { VERCEL_API_URL: vercel.url, VERCEL_TOKEN: token, GITHUB_APP_WEBHOOK_SECRET: 'a secret' } })
})
afterAll(async () => {
  await api.close()
  await vercel.close()
})

function slipway(...args: string[]): Promise<{ code: number | string; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const { PATH, HOME } = process.env
    const env = { PATH, HOME, SLIPWAY_HOME: api.home, HOST: '127.0.0.1', PORT: new URL(api.url).port }
    const child = execFile(process.execPath, [MAIN, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
    child.stdin?.end()
  })
}

test('repositories are watched, listed, shown, paused and left alone again', async () => {
  expect(await slipway('triggers', 'add', 'no slug')).toMatchObject({ code: 2, stderr: expect.stringContaining('owner/name') })
  const added = await slipway('triggers', 'add', 'acme/clock', '--label', 'agent', '--auto', '--budget', '3')
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/watched.*GitHub.*acme\/clock.*label agent, @slipway/), stderr: '' })
  const unheard = await slipway('triggers', 'add', 'group/below/clock', '--gitlab')
  expect(unheard).toMatchObject({ code: 0, stderr: expect.stringContaining('No webhook of GitLab') })
  const shown = await slipway('triggers', 'show', 'ACME/clock')
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/nothing waits for you[\s\S]*\$3 for each session/)])
  expect((await slipway('triggers', 'pause', 'acme/clock')).stdout).toContain('paused')
  const listed = (await slipway('triggers', 'list', '--json')).stdout.trim().split('\n')
  const [first] = listed.map((line) => JSON.parse(line) as { id: string; slug: string; isPaused: boolean })
  expect([listed.length, first]).toEqual([2, expect.objectContaining({ slug: 'acme/clock', isPaused: true })])
  expect(await slipway('triggers', 'remove', first?.id ?? '')).toMatchObject({ code: 0 })
})

test('a preview is promoted only as it was shown, production is rolled back, and a build is cancelled', async () => {
  const [slug, branch] = ['acme/clock', 'slipway/s1-fix']
  const [first, second] = ['a'.repeat(40), 'b'.repeat(40)]
  vercel.addProject({ name: 'clock', tokens: [token], link: { type: 'github', slug, repositoryId: '7', productionBranch: 'main' } })
  const session = await api.db.create({ repository: { url: `https://github.com/${slug}`, forge: 'github', slug, base: null } })
  const follow = async () => {
    await api.db.store.database.pool.query('update deployments set due_at = clock_timestamp()')
    await followOnce(api.runtime, new AbortController().signal)
  }
  const before = vercel.deploy({ project: 'clock', sha: '0'.repeat(40), branch: 'main', target: 'production' })
  vercel.progress(before.id, 'READY')
  for (const oid of [first, second]) await api.db.append(session, [{ type: 'branch-pushed', branch, oid, alreadyThere: false }])
  const ready = vercel.deploy({ project: 'clock', sha: first, branch })
  const building = vercel.deploy({ project: 'clock', sha: second, branch })
  vercel.progress(ready.id, 'READY')
  vercel.progress(building.id, 'BUILDING')
  await follow()
  const listed = await slipway('deployments', 'list', session)
  expect(listed.stdout).toMatch(new RegExp(`${ready.id}\\s+preview\\s+READY`))
  expect(listed.stdout).toContain(`production of clock shows ${before.id}`)

  const asked = await slipway('deployments', 'promote', session, ready.id)
  expect([asked.code, asked.stdout]).toEqual([6, expect.stringContaining('Let production of clock show aaaaaaaaaa')])
  expect(vercel.production('clock')).toBe(before.id)
  const effect = /--effect (\w{64})/.exec(asked.stdout)?.[1] ?? ''
  const other = await slipway('deployments', 'promote', session, ready.id, '--effect', 'f'.repeat(64))
  expect([other.code, other.stderr]).toEqual([2, expect.stringContaining('not what was approved')])
  expect(vercel.production('clock')).toBe(before.id)
  expect(await slipway('deployments', 'promote', session, ready.id, '--effect', effect)).toMatchObject({ code: 0, stderr: '' })
  expect(vercel.production('clock')).toBe(ready.id)

  const back = await slipway('deployments', 'roll-back', session)
  expect([back.code, back.stdout]).toEqual([6, expect.stringContaining('Roll production of clock back to 0000000000')])
  const backEffect = /--effect (\w{64})/.exec(back.stdout)?.[1] ?? ''
  expect((await slipway('deployments', 'roll-back', session, before.id, '--effect', backEffect)).code).toBe(0)
  expect(vercel.production('clock')).toBe(before.id)

  expect((await slipway('deployments', 'cancel', session, building.id.slice(0, 12))).code).toBe(0)
  expect(vercel.deployments().find(({ id }) => id === building.id)?.state).toBe('CANCELED')
}, 180_000)

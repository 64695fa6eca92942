// Accounts from the command line: by a code that is typed in a browser, by a token that is piped in, and away again.

import { execFile } from 'node:child_process'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCliHome, type CliHome } from '../../apps/cli/src/testing/cli-process.ts'
import { startVercelDouble, type VercelDouble } from '../doubles/vercel/start-vercel-double.ts'
import { type OauthDouble, startOauthDouble } from '../doubles/oauth/start-oauth-double.ts'

const MAIN = new URL('../../apps/cli/src/start.mjs', import.meta.url).pathname
let cli: CliHome
let github: OauthDouble
let notion: OauthDouble
let vercel: VercelDouble
let environment: Record<string, string>

beforeAll(async () => {
  cli = await openCliHome()
  github = await startOauthDouble({ provider: 'github', accessSeconds: null })
  notion = await startOauthDouble({ provider: 'notion' })
  vercel = await startVercelDouble()
  environment = {
    ...github.environment,
    ...notion.environment,
    VERCEL_API_URL: vercel.url,
    SLIPWAY_SECRET_KEY: 'command-line-secret-key-0123456789',
  }
})
afterAll(async () => {
  await cli.close()
  await github.close()
  await notion.close()
  await vercel.close()
})

function pipe(args: string[], input: string): Promise<{ code: number | string; text: string }> {
  return new Promise((resolve) => {
    const { PATH, HOME } = process.env
    const child = execFile(
      process.execPath,
      [MAIN, ...args],
      { env: { PATH, HOME, SLIPWAY_HOME: cli.home, ...environment } },
      (error, stdout, stderr) => resolve({ code: error?.code ?? 0, text: stdout + stderr }),
    )
    child.stdin?.end(input)
  })
}

test('GitHub is connected by a code that the person types in their browser, listed, and disconnected there too', async () => {
  const adding = cli.start(['connections', 'add', 'github'], environment)
  await adding.until(/type this code: \S+/)
  const code = /type this code: (\S+)/.exec(adding.stdout())?.[1] ?? ''
  github.devices.decide(code, { id: 5, login: 'ada' })
  expect(await adding.exited).toMatchObject({ code: 0, stdout: expect.stringContaining('Connected as ada.') })

  const listed = await cli.run(['connections', 'list', '--json'], environment)
  const [found] = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string })
  expect(found).toMatchObject({ provider: 'github', kind: 'oauth', accountName: 'ada', status: 'connected' })
  expect(await cli.run(['connections', 'remove', found?.id.slice(0, 8) ?? ''], environment)).toMatchObject({
    code: 0,
    stdout: 'Disconnected ada.\n',
    stderr: '',
  })
  expect(github.grants.all.every(({ isRevoked }) => isRevoked)).toBe(true)
})

test('a token is piped in, and never said back', async () => {
  const token = notion.grants.give({ id: 9, login: 'ada' })
  const added = await pipe(['connections', 'add', 'notion'], `${token}\n`)
  expect([added.code, added.text]).toEqual([0, expect.stringContaining('Connected as ada’s space')])
  expect(added.text).not.toContain(token)
})

test('a token of Vercel that reaches several teams says so, and one is chosen by its name', async () => {
  const token = ['vercel', 'token', 'of', 'ada'].join('-')
  vercel.addUser(token)
  for (const slug of ['blue', 'red']) vercel.addTeam({ slug, tokens: [token] })
  const unsaid = await pipe(['connections', 'add', 'vercel'], `${token}\n`)
  expect([unsaid.code, unsaid.text]).toEqual([0, expect.stringContaining('several teams: blue, red')])
  const said = await pipe(['connections', 'add', 'vercel', '--team', 'red'], `${token}\n`)
  expect([said.code, said.text]).toEqual([0, expect.stringContaining('the projects of Team red')])
})

// A plan at the command line, while the server is killed in the middle of everything that it does for it: when the model is asked,
// when the repository and the project that deploys it are made, when rows are written to Notion. Nothing is lost, and nothing is done twice.

import { join } from 'node:path'
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCliHome, type CliHome, type Run } from '../../apps/cli/src/testing/cli-process.ts'
import type { Plan } from '../../apps/server/src/contract/plan-routes.ts'
import { startGithubDouble, type GithubDouble } from '../doubles/github/start-github-double.ts'
import { type NotionDouble, startNotionDouble } from '../doubles/notion/start-notion-double.ts'
import { startVercelDouble, type VercelDouble } from '../doubles/vercel/start-vercel-double.ts'
import { freePort } from '../free-port.ts'
import { deadlineMs, rounds } from './effort.ts'

const notionToken = 'ntn_plans-token-0001'
const githubToken = 'token-of-plans-0001'
const vercelToken = 'token-of-plans-0002'
let cli: CliHome
let notion: NotionDouble
let github: GithubDouble
let vercel: VercelDouble
let settings: Record<string, string>
let base: string
let server: Run

beforeAll(async () => {
  cli = await openCliHome()
  notion = await startNotionDouble({ token: notionToken })
  github = await startGithubDouble({ repositories: [], token: githubToken })
  vercel = await startVercelDouble()
  vercel.addUser(vercelToken)
  const port = await freePort()
  base = `http://127.0.0.1:${port}`
  settings = {
    PORT: String(port),
    SLIPWAY_SANDBOX: 'bubblewrap',
    NOTION_API_URL: notion.url,
    NOTION_TOKEN: notionToken,
    SLIPWAY_NOTION_POLL_SECONDS: '1',
    GITHUB_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_TOKEN: githubToken,
    VERCEL_API_URL: vercel.url,
    VERCEL_TOKEN: vercelToken,
    SLIPWAY_LEASE_SECONDS: '3',
  }
  await start()
}, 180_000)
afterAll(async () => {
  server.child.kill('SIGTERM')
  await server.exited
  await notion.close()
  await github.close()
  await vercel.close()
  await cli.close()
})

async function start(): Promise<void> {
  server = cli.start(['up'], settings)
  await server.until(base)
}

const deaths = ['model', 'repository', 'project', 'row'].slice(0, rounds({ short: 1, long: 4 }))
const dies = (when: string) => deaths.includes(when)

async function killServer(): Promise<void> {
  server.child.kill('SIGKILL')
  await server.exited
}

/** What happens to the call is done, its answer is not there any more, and neither is who waits for it. */
function killedAfter(when: string, double: Pick<NotionDouble | GithubDouble, 'fail'>, path: RegExp): Promise<void> {
  if (!dies(when)) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const run = () => killServer().then(resolve, reject)
    double.fail({ method: 'POST', path, fault: { kind: 'meanwhile', when: 'after', run } })
  })
}

function killedAfterProject(): Promise<void> {
  if (!dies('project')) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const meanwhile = () => killServer().then(resolve, reject)
    vercel.fault({ method: 'POST', path: /\/projects$/, kind: 'lost-answer', meanwhile })
  })
}

async function plan(...words: string[]): Promise<Plan> {
  const run = cli.start(['plan', ...words, '--json'], settings)
  const { code } = await run.exited
  if (code !== 0) throw new Error(`plan ${words.join(' ')} ended with ${code}: ${run.stderr()}`)
  return JSON.parse(run.stdout())
}

async function until(id: string, holds: (found: Plan) => boolean): Promise<Plan> {
  const key = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()
  for (;;) {
    const answer = await fetch(`${base}/api/v1/plans/${id}`, { headers: { authorization: `Bearer ${key}` } })
    const found = (await answer.json()) as Plan
    if (answer.ok && holds(found)) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const minutes = { low: 5, high: 15 }
const requirements = {
  title: 'Sundial',
  goal: `A command shows the time as a sundial. ${'It shows it well. '.repeat(40)}`,
  scope: { included: [], excluded: [] },
  acceptanceCriteria: [],
  constraints: [],
  openQuestions: [],
}
const task = (key: string, dependsOn: string[]) => ({
  key,
  title: `Part ${key}`,
  description: 'Do it.',
  files: [],
  dependsOn,
  size: 'small',
  minutes,
})

test(
  'an idea becomes a repository, rows and sessions exactly once although the server dies on the way',
  async () => {
    const script = [
      { tool_calls: [{ name: 'write_requirements', input: requirements }] },
      { tool_calls: [{ name: 'write_tasks', input: { tasks: [task('t1', []), task('t2', ['t1'])] } }] },
    ]
    // Slow enough to be killed in the middle of its answer.
    const file = join(cli.home, '..', 'sundial.json')
    await writeFile(file, JSON.stringify({ name: 'sundial', speed: 150, steps: script }))
    const model = `scripted/${file}`
    const { id } = await plan('new', 'Build me a sundial.', '--model', model, '--detach')
    await until(id, ({ cost }) => cost.calls === 1)
    await killServer()
    await start()
    const read = await until(id, ({ state }) => state === 'read')
    expect([read.idea, read.requirements?.goal, read.cost.calls]).toEqual(['Build me a sundial.', requirements.goal.trim(), 2])

    const proposal = ['repository', id, '--forge', 'github', '--name', 'sundial', '--vercel']
    const shown = cli.start(['plan', ...proposal], settings)
    await shown.exited
    const hash = /--yes (\w+)/.exec(shown.stdout())?.[1] ?? ''
    expect(shown.stdout()).toContain('Make the private repository sundial on GitHub, and the project sundial at Vercel that deploys it')
    expect([...github.requests, ...vercel.requests].filter(({ method }) => method === 'POST')).toEqual([])
    const made = killedAfter('repository', github, /\/user\/repos$/)
    const deployed = killedAfterProject()
    await plan(...proposal, '--yes', hash)
    await made
    if (dies('repository')) await start()
    await deployed
    if (dies('project')) await start()
    const withRepository = await until(id, ({ request }) => request.repository !== null)
    expect(withRepository).toMatchObject({ newRepository: null, request: { repository: `${github.url}/slipway-bot/sundial` } })
    await until(id, ({ deployment }) => deployment?.state === 'linked')
    expect(vercel.projects().map(({ name, link }) => [name, link?.slug])).toEqual([['sundial', 'slipway-bot/sundial']])
    const told = cli.start(['plan', 'show', id], settings)
    await told.exited
    expect(told.stdout()).toContain('Deployment: by the project sundial at Vercel')
    const again = cli.start(['plan', 'deployment', id], settings)
    expect((await again.exited).code).not.toBe(0)
    expect(again.stderr()).toContain('has its project sundial at Vercel already')

    await plan('tasks', id)
    const tasks = notion.addDatabase('Tasks', {
      Name: 'title',
      Status: { type: 'status', options: ['Not started', 'Ready', 'In Progress', 'In Review', 'Blocked', 'Done'] },
    })
    const written = killedAfter('row', notion, /\/pages$/)
    await plan('notion', id, tasks.databaseId)
    await written
    if (dies('row')) await start()
    await until(id, (found) => found.tasks?.every(({ page }) => page?.url != null) ?? false)
    const rows = notion.writes.filter(({ kind }) => kind === 'create')
    expect(rows.map(({ values }) => values['Name'])).toEqual(['Part t1', 'Part t2'])

    notion.setValue(rows[0]?.pageId ?? '', 'Status', 'Ready')
    const started = await until(id, (found) => found.tasks?.[0]?.sessionId != null)
    expect(started.tasks?.map(({ state }) => state === 'draft')).toEqual([false, true])
    expect(github.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/user/repos'))).toHaveLength(1)
    expect(vercel.requests.filter(({ method }) => method === 'POST')).toHaveLength(1)
  },
  deadlineMs({ short: 180_000, long: 400_000 }),
)

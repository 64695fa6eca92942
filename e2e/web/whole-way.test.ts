// The whole way in a browser: from a task in Notion that is set to Ready to production and back, with everything written to its page.
// On the sample project, whose model's words come with the product. Real server, database, sandbox and git; forges, Notion, Vercel
// and the model are played at the wire.

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseScript } from '@slipway/agent/model/scripted/script'
import { createSampleRepository } from '@slipway/server/sample/sample-repository'
import type { EventOf, EventType, SessionEvent } from '@slipway/core/events'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { git } from '../doubles/github/git-command.ts'
import { type NotionDouble, startNotionDouble } from '../doubles/notion/start-notion-double.ts'
import { startVercelDouble, type VercelDouble } from '../doubles/vercel/start-vercel-double.ts'
import { type Delivery, type PlayedForge, playGithub, playGitlab, slug } from '../from-issue/forges.ts'
import { openWeb, type Web } from './browser.ts'

const notionToken = 'ntn_whole-way-token-0001'
const vercelToken = 'vercel-token-of-the-whole-way'
const waitsMs = 120_000

const call = (name: string, input: Record<string, unknown>) => ({ tool_calls: [{ name, input }] })

const sample = new URL('../../apps/server/sample/', import.meta.url).pathname

/** Writes down what changed, where it was looked for and then as the reviewer wants it. */
const changes = (content: string, finished: string) => [
  call('write_file', { path: 'CHANGES.md', content: `${content}\n` }),
  call('commit', { message: 'docs: tell of pairs that subtract' }),
  call('publish', { title: 'fix: write and read pairs that subtract', summary: content }),
  call('finish', { summary: finished }),
]

/** The bundled script of the sample, which mends it, and what the forge's people and checks make necessary. */
async function playedSteps(): Promise<unknown[]> {
  const script = parseScript(await readFile(join(sample, 'script.yaml'), 'utf8'), 'script.yaml')
  if (!script.ok) throw new Error(script.message)
  return [
    ...(script.script.steps ?? []),
    ...changes('Fours and nines are pairs.', 'It tells what changed.'),
    ...changes('Fours and nines are carved as pairs.', 'Re c1: They are carved now.'),
  ]
}

interface World {
  web: Web
  forge: PlayedForge
  notion: NotionDouble
  vercel: VercelDouble
  deliver(delivery: Delivery): Promise<void>
  close(): Promise<void>
}

async function openWorld(play: (from: string) => Promise<PlayedForge>): Promise<World> {
  const notion = await startNotionDouble({ token: notionToken })
  const vercel = await startVercelDouble()
  vercel.addUser(vercelToken)
  const services = { NOTION_API_URL: notion.url, NOTION_TOKEN: notionToken, VERCEL_API_URL: vercel.url, VERCEL_TOKEN: vercelToken }
  let forge: PlayedForge | null = null
  const web = await openWeb(async (cli) => {
    const gitDir = join(cli.home, '..', 'roman.git')
    await createSampleRepository({ folder: join(sample, 'repository'), gitDir, at: new Date('2026-01-01T00:00:00Z') })
    forge = await play(gitDir)
    const model = await cli.script('whole-way', await playedSteps())
    return { ...services, ...forge.variables, SLIPWAY_MODEL: model, SLIPWAY_FOLLOW_SECONDS: '3600', SLIPWAY_NOTION_POLL_SECONDS: '1' }
  })
  const played: PlayedForge = forge ?? missing()
  return {
    web,
    forge: played,
    notion,
    vercel,
    async deliver({ path, body, headers }) {
      expect((await fetch(`${web.url}${path}`, { method: 'POST', body, headers })).status).toBe(202)
    },
    async close() {
      await web.close()
      await Promise.all([played.close(), notion.close(), vercel.close()])
    },
  }
}

function missing(): never {
  throw new Error('the forge was not played')
}

async function until<Found>(what: string, look: () => Promise<Found | false | undefined> | Found | false | undefined): Promise<Found> {
  const deadline = Date.now() + waitsMs
  for (;;) {
    const found = await look()
    if (found !== false && found !== undefined) return found
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Settings → Connections → a database of Notion. */
async function connectDatabase(page: Page, repository: string): Promise<void> {
  await page.goto('/settings#connections')
  await page.getByRole('button', { name: 'Connect a database' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Database').selectOption({ label: 'Roadmap' })
  await dialog.getByLabel('Repository', { exact: true }).first().fill(repository)
  await dialog.getByLabel('What waits for you').selectOption('auto')
  await dialog.getByText('Which field means what').click()
  await dialog.getByLabel('Summary').selectOption({ label: 'What came of it' })
  await dialog.getByRole('button', { name: 'Connect it' }).click()
  await page.getByText(`${repository} · Ready starts a session`).waitFor()
}

/** Where everybody stands, shortly: what a failure can be understood from. */
async function tellWorld({ web }: World): Promise<string> {
  const { sessions } = (await web.call('GET', '/sessions')) as { sessions: { id: string }[] }
  const logs = sessions.map(async ({ id }) => {
    const { events } = (await web.call('GET', `/sessions/${id}/events?limit=1000`)) as { events: SessionEvent[] }
    return events.slice(-8).map(({ seq, body }) => `${seq} ${body.type}`)
  })
  return JSON.stringify(await Promise.all(logs))
}

test.each([
  ['GitHub', playGithub],
  ['GitLab', playGitlab],
] as const)(
  'a task in Notion is worked on, reviewed, shown in production and taken back, and its page says so, on %s',
  async (name, play) => {
    const world = await openWorld(play)
    const { web, forge, notion, vercel, deliver } = world
    const { talk } = forge
    try {
      talk.writers.add('rita')
      const options = ['Ready', 'In Progress', 'In Review', 'Blocked']
      const tasks = notion.addDatabase('Roadmap', {
        Name: 'title',
        Status: { type: 'status', options },
        Notes: 'rich_text',
        'What came of it': 'rich_text',
      })
      vercel.addProject({
        name: 'greeting',
        tokens: [vercelToken],
        link: { type: forge.provider, slug, repositoryId: '77', productionBranch: 'main' },
      })
      const earlier = vercel.deploy({ project: 'greeting', sha: 'b'.repeat(40), branch: 'main', target: 'production' })
      vercel.progress(earlier.id, 'READY')
      const { page, problems } = await web.visit({ as: 'ada@example.org' })
      await connectDatabase(page, forge.repositoryUrl)

      // From Ready to a change request.
      await page.goto('/')
      const startedMs = performance.now()
      const pageId = notion.addPage(tasks.dataSourceId, { Name: 'Carve pairs that subtract', Status: 'Ready' })
      await page.getByRole('link', { name: 'Carve pairs that subtract' }).click({ timeout: waitsMs })
      await page.waitForURL(/\/sessions\/\w+/)
      const sessionId = /sessions\/(\w+)/.exec(page.url())?.[1] ?? ''
      const only = async <T extends EventType>(type: T): Promise<EventOf<T>[]> => {
        const { events } = (await web.call('GET', `/sessions/${sessionId}/events?limit=1000`)) as { events: SessionEvent[] }
        return events.flatMap(({ body }) => (body.type === type ? [body as EventOf<T>] : []))
      }
      const ends = (count: number) => until(`${count} ends`, async () => (await only('session-finished')).length === count)
      const log = page.getByRole('log')
      await log.getByRole('region', { name: 'Change request' }).waitFor({ timeout: waitsMs })
      await ends(1)
      const after: Record<string, number> = { 'change request': performance.now() - startedMs }
      const [change] = forge.changes()
      const number = change?.number ?? 0
      const headOid = () => git(forge.repositoryPath, ['rev-parse', `refs/heads/${change?.branch}`])

      // A red check is mended.
      expect(change?.body).toContain('node --test')
      const redOid = await headOid()
      talk.checks.push({ id: 9_001, oid: redOid, name: 'changes', state: 'failed', log: 'Error: CHANGES.md is missing\n' })
      await deliver(forge.changeTouched(number))
      const card = log.getByRole('region', { name: 'Change request' })
      const bar = page.getByRole('region', { name: 'About this session' })
      await bar.getByText('1 failed').waitFor({ timeout: waitsMs })
      await card.getByRole('listitem').filter({ hasText: 'changes' }).getByLabel('failed').waitFor()
      await ends(2)
      const greenOid = await headOid()
      talk.checks.push({ id: 9_002, oid: greenOid, name: 'changes', state: 'passed', log: 'fine\n' })
      await deliver(forge.changeTouched(number))
      await bar.getByText('Checks passed: 1').waitFor({ timeout: waitsMs })
      await card.getByRole('listitem').filter({ hasText: 'changes' }).getByLabel('passed').waitFor()
      expect(await bar.getByRole('link', { name: `Change request ${number}` }).getAttribute('href')).toContain(`${slug}/`)
      await page.goto('/')
      const line = page.getByRole('listitem').filter({ hasText: 'Carve pairs that subtract' })
      await line.getByText('Checks passed: 1').waitFor()
      await line.getByRole('link', { name: `Change request ${number}` }).waitFor()
      await page.goto(`/sessions/${sessionId}`)

      after['red check mended'] = performance.now() - startedMs

      // Somebody gives the field another name meanwhile.
      notion.rename(tasks.dataSourceId, 'Status', 'Where it is')

      // A reviewer is answered where they wrote.
      const on = { kind: 'change-request' as const, number }
      const place = { path: 'CHANGES.md', line: 1 }
      talk.comments.push({ id: 9_102, on, author: 'rita', isBot: false, body: 'Say that they are carved.', place, inReplyTo: null })
      await deliver(forge.changeTouched(number))
      await log.getByRole('region', { name: 'Review by rita' }).waitFor({ timeout: waitsMs })
      await ends(3)
      await until('a reply', () => talk.comments.find(({ inReplyTo, body }) => inReplyTo === 9_102 && body.includes('carved now')))

      after['reviewer answered'] = performance.now() - startedMs

      // Its preview is looked at and approved, production shows it, and is taken back.
      const oid = await headOid()
      const preview = vercel.deploy({ project: 'greeting', sha: oid, branch: change?.branch ?? '' })
      vercel.progress(preview.id, 'READY')
      const shown = log.getByRole('region', { name: 'Preview deployment' }).filter({ hasText: oid.slice(0, 10) })
      await shown.getByRole('button', { name: 'Promote to production …' }).click({ timeout: waitsMs })
      await page.getByRole('dialog').getByText(oid.slice(0, 10)).first().waitFor()
      await page.getByRole('dialog').getByRole('button', { name: 'Promote', exact: true }).click()
      const production = log.getByRole('region', { name: 'Production deployment' })
      await production.getByText('ready', { exact: true }).first().waitFor({ timeout: waitsMs })
      await shown.getByText('in production', { exact: true }).waitFor()
      expect(await shown.getByRole('button', { name: 'Promote to production …' }).count()).toBe(0)
      expect(vercel.production('greeting')).toBe(preview.id)
      await until('Done in Notion', () => notion.shown(pageId)['Where it is'] === 'Done')
      expect(notion.shown(pageId)['Deployment']).toContain(preview.id.slice(-9))
      after['in production'] = performance.now() - startedMs
      await production.getByRole('button', { name: 'Roll back …' }).last().waitFor()
      // From its card, or from where it is told what can be taken back.
      if (name === 'GitHub') await production.getByRole('button', { name: 'Roll back …' }).last().click()
      else {
        await page.getByRole('tab', { name: 'Safety' }).click()
        await page.getByRole('button', { name: 'Roll production back …' }).click()
      }
      await page.getByRole('dialog').getByRole('button', { name: 'Roll back', exact: true }).click()
      await until('the earlier one in production', () => vercel.production('greeting') === earlier.id)
      const said = () => notion.comments(pageId).map(({ text }) => text)
      await until('the rollback in Notion', () => said().some((text) => text.includes('rolled back')))
      const wholeMs = performance.now() - startedMs

      // Everything is written back, and nothing twice.
      expect(notion.shown(pageId)).toMatchObject({
        'Where it is': 'Done',
        'Change request': expect.stringContaining(slug),
        'What came of it': expect.stringContaining('carved'),
        Deployment: expect.stringContaining(earlier.id.slice(-9)),
        Cost: '0',
      })
      // One comment may say several things that came close together.
      expect(
        said()
          .join('\n')
          .match(/^Production (?:shows|was rolled back)/gm),
      ).toHaveLength(2)
      expect(new Set(said()).size).toBe(said().length)
      expect(forge.changes()).toHaveLength(1)
      const own = () => talk.comments.filter(({ author }) => author === 'slipway-bot').map(({ body }) => body)
      await until('the preview on the change request', () => own().some((body) => body.includes('A preview of')))
      expect(own()).toHaveLength(2)
      expect(await web.call('GET', `/sessions/${sessionId}/notion`)).toMatchObject({ page: { pageId, status: 'Done', problem: null } })
      expect(problems).toEqual([])
      const modelMs = (await only('model-responded')).reduce((sum, { ms }) => sum + ms, 0)
      const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
      console.log(
        `${name}: from Ready to everything written back ${seconds(wholeMs)}, of which the model ${seconds(modelMs)} and Slipway ${seconds(wholeMs - modelMs)}; ${Object.entries(
          after,
        )
          .map(([what, ms]) => `${what} after ${seconds(ms)}`)
          .join(', ')}`,
      )
    } catch (error) {
      throw new Error(`${String(error)}\n${await tellWorld(world)}`, { cause: error })
    } finally {
      await world.close()
    }
  },
  600_000,
)

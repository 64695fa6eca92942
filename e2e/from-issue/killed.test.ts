// The same way with a server that dies in it, a base that changes under it, and an account that is refused in its middle: real
// processes, real git, a real sandbox. Nothing is said twice, nothing of others' work is lost, and it comes to its end.

import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventOf, EventType, SessionEvent } from '@slipway/core/events'
import { expect, test } from 'vitest'
import { openCliHome, type Run } from '../../apps/cli/src/testing/cli-process.ts'
import { git } from '../doubles/github/git-command.ts'
import { freePort } from '../free-port.ts'
import { type Delivery, playGithub, playGitlab, slug } from './forges.ts'

const call = (name: string, input: Record<string, unknown>) => ({ tool_calls: [{ name, input }] })
const publish = [
  call('commit', { message: 'feat: say good bye' }),
  call('publish', { title: 'feat: say good bye', summary: 'It says good bye.' }),
]
const say = (content: string) => call('write_file', { path: 'greeting.txt', content })

const steps = [
  call('read_file', { path: 'greeting.txt' }),
  say('hello and good bye\n'),
  ...publish,
  call('finish', { summary: 'It says good bye.' }),
  // Both sides changed the same line.
  call('read_file', { path: 'greeting.txt' }),
  say('hello all, and good bye\n'),
  ...publish,
  call('finish', { summary: 'It is up to date.' }),
  say('hello all, and farewell\n'),
  ...publish,
  call('finish', { summary: 'Re c1: farewell it is.' }),
]

async function until<Found>(what: string, look: () => Promise<Found | null | undefined | false>): Promise<Found> {
  const deadline = Date.now() + 120_000
  for (;;) {
    const found = await look().catch(() => null)
    if (found) return found
    if (Date.now() > deadline) throw new Error(`not in time: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** Somebody else's commit on main of a bare repository. */
async function changeMain(bare: string, files: Record<string, string>): Promise<string> {
  const work = `${bare}-of-somebody-else`
  await git(bare, ['clone', '--quiet', '--branch', 'main', bare, work])
  for (const [path, content] of Object.entries(files)) {
    await writeFile(join(work, path), content)
    await git(work, ['add', path])
  }
  await git(work, ['-c', 'user.name=Olga', '-c', 'user.email=olga@example.org', 'commit', '--quiet', '-m', 'Greet all'])
  await git(work, ['push', '--quiet', 'origin', 'main'])
  return git(work, ['rev-parse', 'HEAD'])
}

test.each([
  ['GitHub', playGithub, /issues\/1\/comments/],
  ['GitLab', playGitlab, /issues\/1\/notes/],
] as const)(
  'a session on %s survives a server that dies while it acknowledges and while it takes in the base, and an account that is refused',
  async (_, play, acknowledgement) => {
    const cli = await openCliHome()
    const forge = await play(cli.repository)
    const { talk } = forge
    const port = await freePort()
    const base = `http://127.0.0.1:${port}`
    const model = await cli.script('killed', steps)
    const settings = { PORT: String(port), SLIPWAY_SANDBOX: 'bubblewrap', SLIPWAY_LEASE_SECONDS: '3', SLIPWAY_MODEL: model }
    const variables = { ...settings, ...forge.variables, SLIPWAY_FOLLOW_SECONDS: '3600' }
    let server: Run = cli.start(['up'], variables)
    const kill = async (): Promise<void> => {
      server.child.kill('SIGKILL')
      await server.exited
    }
    const startAgain = async (): Promise<void> => {
      server = cli.start(['up'], variables)
      await server.until(base)
    }
    /** Once, instead of the answer to the request. */
    const dyingAt = (method: string, path: RegExp): Promise<void> =>
      new Promise((resolve, reject) => {
        const run = () => kill().then(resolve, reject)
        forge.fail({ method, path, fault: { kind: 'meanwhile', when: 'after', run } })
      })
    const api = async (path: string, body?: unknown) => {
      const key = (await readFile(join(cli.home, 'api-token'), 'utf8')).trim()
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const answer = await fetch(`${base}/api/v1${path}`, {
        headers,
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      })
      const json: ReturnType<typeof JSON.parse> = await answer.json()
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(json)}`)
      return json
    }
    const deliver = async ({ path, body, headers }: Delivery) => (await fetch(`${base}${path}`, { method: 'POST', body, headers })).status
    try {
      await server.until(base)
      talk.writers.add('rita')
      const issue = { number: 1, title: 'Say good bye', body: 'Politely.', author: 'rita', labels: ['slipway'], assignees: [] }
      talk.issues.push({ ...issue, state: 'open' })
      await api('/triggers', { provider: forge.provider, slug, autonomy: 'auto' })

      // It dies when the acknowledgement has been said, before it hears so.
      const died = dyingAt('POST', acknowledgement)
      expect(await deliver(forge.issueLabelled({ number: 1, label: 'slipway', by: 'rita' }))).toBe(202)
      await died
      await startAgain()
      const { sessions } = (await api('/sessions')) as { sessions: { id: string }[] }
      const sessionId = sessions[0]?.id ?? ''
      const only = async <T extends EventType>(type: T): Promise<EventOf<T>[]> => {
        const { events } = (await api(`/sessions/${sessionId}/events?limit=1000`)) as { events: SessionEvent[] }
        return events.flatMap(({ body }) => (body.type === type ? [body as EventOf<T>] : []))
      }
      const ends = (count: number) => until(`${count} ends`, async () => (await only('session-finished')).length >= count)
      await ends(1)
      const [change] = forge.changes()
      const number = change?.number ?? 0
      const headOid = () => git(forge.repositoryPath, ['rev-parse', `refs/heads/${change?.branch}`])
      const firstOid = await headOid()

      // The base changes in the same place; it dies while it fetches that.
      const mainOid = await changeMain(forge.repositoryPath, { 'greeting.txt': 'hello all\n', 'theirs.txt': 'theirs\n' })
      talk.conflicting.add(number)
      await deliver(forge.changeTouched(number))
      const asked = await until('the offer', async () => (await only('human-asked')).at(-1))
      expect(asked.question).toContain('Bring the branch up to date?')
      const diedAgain = dyingAt('POST', /git-upload-pack/)
      const answer = { askId: asked.askId, decision: 'answer', text: 'Bring it up to date' }
      await api(`/sessions/${sessionId}/answers`, answer)
      await diedAgain
      await startAgain()
      await ends(2)
      talk.conflicting.delete(number)
      expect(await only('base-taken-in')).toMatchObject([{ base: 'main', baseOid: mainOid, conflicts: ['greeting.txt'] }])
      const merged = await headOid()
      expect((await git(forge.repositoryPath, ['log', '-1', '--format=%P', merged])).split(' ')).toEqual([firstOid, mainOid])
      expect(await git(forge.repositoryPath, ['show', `${merged}:theirs.txt`])).toBe('theirs')
      expect((await only('commit-offered')).at(-1)).toMatchObject({ files: [{ path: 'greeting.txt' }], baseOid: mainOid })

      // The account is refused while it answers a reviewer; another token is given, and it goes on by itself.
      const on = { kind: 'change-request' as const, number }
      talk.comments.push({ id: 9_102, on, author: 'rita', isBot: false, body: 'Say farewell.', place: null, inReplyTo: null })
      const token = new Promise<string>((resolve) => {
        const run = async () => resolve(forge.replaceToken())
        forge.fail({ method: 'GET', path: /service=git-receive-pack/, fault: { kind: 'meanwhile', when: 'before', run } })
      })
      await deliver(forge.changeTouched(number))
      await until('the park', async () => (await only('guard-tripped')).some(({ guard }) => guard === 'account'))
      await api('/connections', { provider: forge.provider, token: await token })
      await ends(3)
      expect(await git(forge.repositoryPath, ['show', `${await headOid()}:greeting.txt`])).toBe('hello all, and farewell')
      await until('a reply', async () => talk.comments.some(({ body }) => body.includes('farewell it is')))

      expect(((await api('/sessions')) as { sessions: unknown[] }).sessions).toHaveLength(1)
      expect(forge.changes()).toHaveLength(1)
      expect(talk.reactions).toHaveLength(1)
      expect(talk.comments.filter(({ author, on: { kind } }) => author === 'slipway-bot' && kind === 'issue')).toHaveLength(1)
      expect(talk.comments.filter(({ author, on: { kind } }) => author === 'slipway-bot' && kind === 'change-request')).toHaveLength(1)
    } finally {
      server.child.kill('SIGTERM')
      await server.exited
      await forge.close()
      await cli.close()
    }
  },
  400_000,
)

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startGithubDouble } from '../../../../e2e/doubles/github/start-github-double.ts'
import { startGitlabDouble } from '../../../../e2e/doubles/gitlab/start-gitlab-double.ts'
import type { Talk } from '../../../../e2e/doubles/talk.ts'
import { openGithubWatch } from '../github/follow/open-github-watch.ts'
import { openGitlabWatch } from '../gitlab/follow/open-gitlab-watch.ts'
import { accountOfToken } from '../testing/account-of-token.ts'
import type { ForgeWatch } from './forge-watch.ts'

const slug = 'acme/clock'
const token = 'token-of-the-double-0001'
const oid = 'a'.repeat(40)
const { signal } = new AbortController()

interface Played {
  watch: ForgeWatch
  /** With an account whose token was refused, and gives another one then. */
  renewing: ForgeWatch
  talk: Talk
  fail: Awaited<ReturnType<typeof startGithubDouble>>['fail']
  requests: { path: string; headers: Record<string, string> }[]
  close(): Promise<void>
}

async function github(): Promise<Played> {
  const double = await startGithubDouble({ repositories: [{ slug, from: null, isPrivate: true }], token })
  const settings = { url: double.url, apiUrl: double.apiUrl, requestTimeoutMs: 5_000 }
  const open = (present: string) => openGithubWatch({ settings, account: accountOfToken('github', present, () => token), nowMs: Date.now })
  const { fail, requests, close } = double
  return { watch: open(token), renewing: open('ghp_old'), talk: double.talk(slug), fail, requests, close }
}

async function gitlab(): Promise<Played> {
  const double = await startGitlabDouble({ projects: [{ path: slug, from: null }], token })
  const settings = { url: double.url, requestTimeoutMs: 5_000 }
  const open = (present: string) => openGitlabWatch({ settings, account: accountOfToken('gitlab', present, () => token), nowMs: Date.now })
  const { fail, requests, close } = double
  return { watch: open(token), renewing: open('glpat-old'), talk: double.talk(slug), fail, requests, close }
}

describe.each([
  ['GitHub', github],
  ['GitLab', gitlab],
])('%s', (_name, play) => {
  let played: Played
  const issue = { slug, number: 7, kind: 'issue' as const }
  beforeAll(async () => {
    played = await play()
    const { talk } = played
    talk.writers.add('rita')
    talk.issues.push({ number: 7, title: 'Slow', body: 'By a minute.', author: 'rita', labels: [], assignees: [], state: 'open' })
    talk.checks.push(
      { id: 1, oid, name: 'test', state: 'failed', log: 'Error: boom' },
      { id: 2, oid, name: 'style', state: 'passed', log: null },
    )
  })
  afterAll(() => played.close())

  it('tells who may write', async () => {
    const { watch } = played
    expect(await watch.canWrite(slug, signal)).toEqual({ ok: true, value: true })
    expect(await watch.canWrite('acme/none', signal)).toMatchObject({ ok: false, problem: 'not-found' })
    expect(await watch.mayWrite({ slug, login: 'rita' }, signal)).toEqual({ ok: true, value: true })
    expect(await watch.mayWrite({ slug, login: 'rit' }, signal)).toEqual({ ok: true, value: false })
    expect(await watch.mayWrite({ slug, login: 'visitor' }, signal)).toEqual({ ok: true, value: false })
  })

  it('tells an issue, checks of both kinds, and a log', async () => {
    const { watch } = played
    expect(await watch.readIssue(issue, signal)).toMatchObject({ ok: true, value: { title: 'Slow', author: 'rita', isOpen: true } })
    const checks = await watch.readChecks({ slug, oid }, signal)
    expect(checks).toMatchObject({
      ok: true,
      value: [
        { name: 'test', state: 'failed', logRef: '1' },
        { name: 'style', state: 'passed', logRef: null },
      ],
    })
    expect(await watch.readLog({ slug, logRef: '1' }, signal)).toEqual({ ok: true, value: 'Error: boom' })
    expect(await watch.readLog({ slug, logRef: '99' }, signal)).toMatchObject({ ok: false, problem: 'not-found' })
  })

  it('says something once for each time it is told to, and shows eyes once', async () => {
    const { watch, talk } = played
    expect(await watch.say({ ...issue, thread: null, text: 'Hello.' }, signal)).toMatchObject({
      ok: true,
      value: { url: expect.any(String) },
    })
    expect(await watch.say({ ...issue, thread: null, text: ' ' }, signal)).toMatchObject({ ok: false, problem: 'refused' })
    expect(await watch.say({ ...issue, number: 99, thread: null, text: 'Hello.' }, signal)).toMatchObject({ problem: 'not-found' })
    const comments = await watch.readComments(issue, signal)
    expect(comments).toMatchObject({ ok: true, value: [{ author: 'slipway-bot', text: 'Hello.', isBot: false }] })
    for (let times = 0; times < 2; times++) expect((await watch.react({ ...issue, commentId: null }, signal)).ok).toBe(true)
    expect(talk.reactions).toHaveLength(1)
  })

  it('reads all pages', async () => {
    const { watch, talk } = played
    const before = talk.comments.length
    const on = { kind: 'issue' as const, number: 7 }
    for (let id = 5_000; id < 5_150; id++)
      talk.comments.push({ id, on, author: 'rita', isBot: false, body: `${id}`, place: null, inReplyTo: null })
    const comments = await watch.readComments(issue, signal)
    expect(comments.ok && comments.value.length).toBe(before + 150)
  })

  it('gets another token once when one is refused, and repeats no write whose answer was lost', async () => {
    const { renewing, watch, talk, fail } = played
    expect(await renewing.canWrite(slug, signal)).toEqual({ ok: true, value: true })
    fail({ method: 'POST', path: /(comments|notes)$/, fault: { kind: 'drop', when: 'after' } })
    const before = talk.comments.length
    expect(await watch.say({ ...issue, thread: null, text: 'Once.' }, signal)).toMatchObject({ ok: false, problem: 'network' })
    expect(talk.comments).toHaveLength(before + 1)
  })

  it('says how long to wait, and never what the token is', async () => {
    const { watch, fail, requests } = played
    fail({ method: 'GET', path: /issues\/7$/, fault: { kind: 'secondary-rate-limit', retryAfterSeconds: 77 } })
    expect(await watch.readIssue(issue, signal)).toMatchObject({ ok: false, problem: 'rate-limit', retryAfterMs: 77_000 })
    fail({ method: 'GET', path: /issues\/7$/, fault: { kind: 'say', status: 500, message: `Bearer ${token}` } })
    const failed = await watch.readIssue(issue, signal)
    expect(failed).toMatchObject({ ok: false, problem: 'network' })
    expect(JSON.stringify(failed)).not.toContain(token)
    // A log's store is another server, which is not shown the token.
    const toStores = requests.filter(({ path }) => path.startsWith('/logs/'))
    expect(toStores.every(({ headers }) => headers['authorization'] === undefined)).toBe(true)
  })
})

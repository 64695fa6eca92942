import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import type { EventBody } from '@slipway/core/events'
import { takeUpNotices } from '@slipway/store/mail-notices'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { openTestApi, type TestApi } from '../testing/test-api.ts'
import { openBrowser, type Browser } from '../testing/test-browser.ts'
import { message } from '../testing/test-store.ts'
import { openMailNotices } from './mail-notices.ts'

const mails: { to: string; subject: string; text: string; id: string }[] = []
/** What the mail server does with the mails that come next, in order; then it takes them. */
const doings: ('is busy' | 'takes it and breaks off')[] = []
let smtp: SMTPServer
let api: TestApi
let ada: Browser
let adasOwner = ''

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onMailFrom(_address, _session, done) {
      if (doings[0] !== 'is busy') return done()
      doings.shift()
      done(Object.assign(new Error('busy'), { responseCode: 451 }))
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => void take(session.envelope.rcptTo[0]?.address ?? '', Buffer.concat(chunks), done))
    },
  })
  smtp.on('error', () => undefined)
  await new Promise<void>((ready) => smtp.listen(0, '127.0.0.1', ready))
  const { port } = smtp.server.address() as { port: number }
  const environment = {
    SMTP_URL: `smtp://127.0.0.1:${port}`,
    MAIL_FROM: 'slipway@example.org',
  }
  api = await openTestApi({ environment })
  await signIn('root')
  ada = await signIn('ada')
  await signIn('bea')
  adasOwner = await ownerOf('ada')
})
afterAll(async () => {
  await api.close()
  await new Promise<void>((done) => smtp.close(() => done()))
})
beforeEach(async () => {
  mails.length = 0
  await pool().query('delete from outbox')
  await pool().query('delete from mail_choices')
})

const pool = () => api.db.store.database.pool

async function take(to: string, raw: Buffer, answer: () => void): Promise<void> {
  const { subject, text, messageId } = await PostalMime.parse(raw)
  mails.push({ to, subject: subject ?? '', text: text ?? '', id: messageId ?? '' })
  if (doings.shift() !== 'takes it and breaks off') return answer()
  // The library keeps its connections in a set that its types do not tell of.
  const { connections } = smtp as unknown as { connections: Set<{ _socket: { destroy(): void } }> }
  for (const { _socket } of connections) _socket.destroy()
}

async function signIn(name: string): Promise<Browser> {
  const browser = openBrowser(api.url)
  const before = mails.length
  await browser.send('POST', '/api/auth/sign-in/magic-link', { email: `${name}@example.org` })
  await vi.waitFor(() => expect(mails.length).toBe(before + 1), { timeout: 60_000 })
  const token = new URLSearchParams(/#(\S+)/.exec(mails.at(-1)?.text ?? '')?.[1]).get('token')
  await browser.send('POST', '/api/auth/magic-link/verify', { token })
  return browser
}

async function ownerOf(name: string): Promise<string> {
  const { rows } = await pool().query<{ owner: string }>('select owner_id as owner from people where email = $1', [`${name}@example.org`])
  return rows[0]?.owner ?? ''
}

const none = { needsYou: false, finished: false, failed: false }
const choose = (choices: object) => ada.send('PUT', '/api/v1/notices', { ...none, ...choices })
const finished = (outcome: 'verified' | 'failed' | 'stopped'): EventBody => ({
  type: 'session-finished',
  outcome,
  summary: 'a private summary',
})
const asked = (question: string, askId = 'a1'): EventBody => {
  const rest = { options: [], callId: null, effect: null, expiresAt: null }
  return { type: 'human-asked', askId, kind: 'question', question, ...rest }
}
const sessionOf = (ownerId: string, title: string) => api.db.create({ ownerId, title })

/** Sends what is due now, by as many processes, until nothing waits. */
async function work(processes = 1): Promise<void> {
  await takeUpNotices(pool(), { restMs: 0 })
  const running = Array.from({ length: processes }, () => openMailNotices(api.runtime, { restMs: 0 }))
  const waiting = async () => (await pool().query('select from outbox where done_at is null and given_up_at is null')).rowCount
  await expect.poll(waiting).toBe(0)
  for (const one of running) await one?.close()
}

test('a question is mailed once, with the title and what is asked and nothing else, however many processes look', async () => {
  expect((await choose({ needsYou: true })).body).toEqual({ ...none, needsYou: true, canMail: true, address: 'ada@example.org' })
  const id = await sessionOf(adasOwner, 'Mend the clock')
  const key = ['sk', 'ant', 'api03', 'A'.repeat(40)].join('-')
  await api.db.append(id, [message('a private message'), asked(`Which hands? The key is ${key}.`)])
  await work(3)
  await work()
  expect(mails).toHaveLength(1)
  const [{ to, subject, text } = { to: '', subject: '', text: '' }] = mails
  expect([to, subject]).toEqual(['ada@example.org', 'Needs you: Mend the clock'])
  expect(text).toContain('Which hands? The key is [secret].')
  expect(text).toContain(`http://localhost:3000/sessions/${id}`)
  expect(text).not.toMatch(/private|sk-ant/)
})

test('each hears what they asked for since, and nobody of another’s sessions', async () => {
  const id = await sessionOf(adasOwner, 'Before')
  await api.db.append(id, [asked('earlier?')])
  await choose({ finished: true, failed: true })
  await api.db.append(id, [asked('not chosen?', 'a2'), finished('verified'), finished('stopped'), finished('failed')])
  await api.db.append(await sessionOf(await ownerOf('bea'), 'Of bea'), [asked('and she?'), finished('failed')])
  await work()
  expect(mails.map(({ subject }) => subject).toSorted()).toEqual(['Failed: Before', 'Finished: Before'])
  expect(mails.map(({ text }) => text).join()).not.toContain('summary')
  await choose({})
  await api.db.append(id, [finished('failed')])
  await work()
  expect(mails).toHaveLength(2)
})

test('what was answered before it was sent is not asked by mail any more', async () => {
  await choose({ needsYou: true })
  const id = await sessionOf(adasOwner, 'Answered')
  await api.db.append(id, [asked('still?')])
  await takeUpNotices(pool(), { restMs: 0 })
  const answer = { decision: 'answer', text: 'Both.', effectHash: null, budgetMicros: null } as const
  await api.db.append(id, [{ type: 'human-answered', askId: 'a1', ...answer }])
  await work()
  expect(mails).toEqual([])
  const quick = await sessionOf(adasOwner, 'Just now')
  await api.db.append(quick, [asked('now?')])
  expect(await takeUpNotices(pool(), { restMs: 30_000 })).toBe(0)
})

test('a server that is busy gets it later, and one that breaks off after it was sent gets no second one', async () => {
  await choose({ failed: true })
  const id = await sessionOf(adasOwner, 'Twice?')
  doings.push('is busy')
  await api.db.append(id, [finished('failed')])
  await work()
  expect(mails).toHaveLength(1)
  doings.push('takes it and breaks off')
  await api.db.append(id, [finished('failed')])
  await work()
  expect(mails).toHaveLength(2)
  // A process that died after it had begun.
  await api.db.append(id, [finished('failed')])
  await takeUpNotices(pool(), { restMs: 0 })
  await pool().query(`update outbox set attempts = 1, answer = '"begun"' where done_at is null and given_up_at is null`)
  await work()
  expect(mails).toHaveLength(2)
})

test('where no mail server is set, and for the command line, nothing can be chosen, and it says so', async () => {
  expect((await api.call('PUT', '/api/v1/notices', { ...none, failed: true })).status).toBe(400)
  const bare = await openTestApi()
  const browser = openBrowser(bare.url)
  const { body } = await browser.send('POST', '/api/auth/sign-in/magic-link', { email: 'ada@example.org' })
  await browser.visit(body.shownLink)
  expect((await browser.send('GET', '/api/v1/notices')).body).toMatchObject({ ...none, canMail: false })
  const refused = await browser.send('PUT', '/api/v1/notices', { ...none, failed: true })
  expect([refused.status, refused.body.error.message]).toEqual([422, expect.stringContaining('SMTP_URL')])
  expect(openMailNotices(bare.runtime)).toBeNull()
  await bare.close()
})

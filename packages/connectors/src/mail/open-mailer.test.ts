import { createServer } from 'node:net'
import PostalMime from 'postal-mime'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { readMailServer, type MailServer } from './mail-server.ts'
import { openMailer, type Mailer } from './open-mailer.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

interface Box {
  mails: { from: string; to: string[]; raw: string }[]
  port: number
}

async function openServer(options: SMTPServerOptions): Promise<Box> {
  const box: Box = { mails: [], port: 0 }
  const server = new SMTPServer({
    disableReverseLookup: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom === false ? '' : mailFrom.address
        box.mails.push({ from, to: rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks).toString() })
        done()
      })
    },
    ...options,
  })
  server.on('error', () => undefined)
  box.port = await listening(
    (ready) => server.listen(0, '127.0.0.1', ready),
    () => server.server.address(),
  )
  closing.push(() => new Promise((done) => server.close(() => done())))
  return box
}

async function listening(listen: (ready: () => void) => void, address: () => unknown): Promise<number> {
  await new Promise<void>((ready) => listen(ready))
  return (address() as { port: number }).port
}

function serverAt(port: number, password = 'p%40ss'): MailServer {
  const read = readMailServer(['smtp://', 'ada', ':', password, '@', `127.0.0.1:${port}`].join(''))
  if (!read.ok) throw new Error(read.message)
  return read.server
}

function mailerAt(port: number, password?: string): Mailer {
  return openMailer({ server: serverAt(port, password), from: 'Slipway <slipway@example.org>', timeoutMs: 1_000 })
}

const withPassword: SMTPServerOptions = {
  hideSTARTTLS: true,
  allowInsecureAuth: true,
  onAuth: ({ username, password }, _session, done) =>
    username === 'ada' && password === 'p@ss' ? done(null, { user: 'ada' }) : done(new Error('535 no')),
}
const mail = { id: 'm1', to: 'grace@example.org', subject: 'Ünïcode — subject', text: 'A line.\n\nhttps://example.org/a?b=c&d=e\n.\nend' }

test('a mail arrives whole, with the identity that tells a repetition', async () => {
  const box = await openServer(withPassword)
  expect(await mailerAt(box.port).send(mail)).toEqual({ ok: true })
  expect(box.mails).toHaveLength(1)
  const { from, to, raw } = box.mails[0] as Box['mails'][number]
  const read = await PostalMime.parse(raw)
  expect([from, to, read.from?.address, read.subject, read.messageId]).toEqual([
    'slipway@example.org',
    ['grace@example.org'],
    'slipway@example.org',
    'Ünïcode — subject',
    '<m1@example.org>',
  ])
  expect(read.text?.trim()).toBe(mail.text)
})

test('an address or subject that wants to be more stays what it is', async () => {
  const box = await openServer(withPassword)
  await mailerAt(box.port).send({ ...mail, to: 'a@example.org, b@example.org', subject: 'x\r\nBcc: b@example.org' })
  expect(box.mails.flatMap(({ to }) => to).filter((to) => to === 'b@example.org')).toEqual([])
})

test('a wrong password is told apart, and is not in the words', async () => {
  const box = await openServer(withPassword)
  const result = await mailerAt(box.port, 'secret-of-ada').send(mail)
  expect(result).toMatchObject({ ok: false, problem: 'auth', message: expect.stringContaining('SMTP_URL') })
  expect(JSON.stringify(result)).not.toContain('secret-of-ada')
  expect(await mailerAt(box.port).check()).toEqual({ ok: true })
})

test('a receiver that is refused for good is told apart from a server that is busy', async () => {
  const refusing = (responseCode: number) =>
    openServer({ ...withPassword, onRcptTo: (_address, _session, done) => done(Object.assign(new Error('no'), { responseCode })) })
  expect(await mailerAt((await refusing(550)).port).send(mail)).toMatchObject({ ok: false, problem: 'refused' })
  expect(await mailerAt((await refusing(451)).port).send(mail)).toMatchObject({ ok: false, problem: 'network' })
})

test('a server that accepts and says nothing ends at the deadline, and one that is not there at once', async () => {
  const silent = createServer(() => undefined)
  const port = await listening(
    (ready) => silent.listen(0, '127.0.0.1', ready),
    () => silent.address(),
  )
  expect(await mailerAt(port).send(mail)).toMatchObject({ ok: false, problem: 'network' })
  await new Promise((done) => silent.close(done))
  expect(await mailerAt(port).send(mail)).toMatchObject({ ok: false, problem: 'network' })
})

test.each([
  ['offers no encryption', { disabledCommands: ['STARTTLS', 'AUTH'] }, 'encryption'],
  ['has a certificate that nobody signed', {}, 'certificate'],
])('a server elsewhere that %s gets nothing', async (_, options: SMTPServerOptions, words) => {
  const box = await openServer({ ...withPassword, ...options })
  const server = { ...serverAt(box.port), mayBePlain: false }
  const elsewhere = openMailer({ server, from: 'slipway@example.org', timeoutMs: 1_000 })
  expect(await elsewhere.send(mail)).toMatchObject({ ok: false, message: expect.stringContaining(words) })
  expect(box.mails).toEqual([])
})

test.each([
  ['http://mail.example.org', 'must look like'],
  ['mail.example.org', 'must look like'],
  ['smtp://', 'must look like'],
  ['smtp://ada@mail.example.org', 'needs a user and a password'],
  [['smtp://ada', '100%@mail.example.org'].join(':'), '%25'],
  ['smtp://mail.example.org/?tls=no', 'may hold only'],
])('%s is refused with words', (text, words) => {
  expect(readMailServer(text)).toEqual({ ok: false, message: expect.stringContaining(words) })
})

test('ports follow the scheme', () => {
  const portOf = (text: string) => {
    const read = readMailServer(text)
    return read.ok && [read.server.port, read.server.isEncrypted, read.server.mayBePlain]
  }
  expect([portOf('smtps://mail.example.org'), portOf('smtp://mail.example.org'), portOf('smtp://[::1]:25')]).toEqual([
    [465, true, false],
    [587, false, false],
    [25, false, true],
  ])
})

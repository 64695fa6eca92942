import { SMTPServer } from 'smtp-server'
import { expect, test } from 'vitest'
import { readSettings } from '../settings.ts'
import { checkMail } from './check-mail.ts'

function mailAt(port: number) {
  const read = readSettings({ SMTP_URL: ['smtp://', 'ada', ':', 'word', `@127.0.0.1:${port}`].join(''), MAIL_FROM: 'slipway@example.org' })
  if (!read.ok) throw new Error(read.problems.join())
  return read.settings.mail
}

test('a mail server that lets nobody in is named with the setting to look at, one that does is fine', async () => {
  let accepts = false
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    onAuth: (_auth, _session, done) => (accepts ? done(null, { user: 'ada' }) : done(new Error('535 no'))),
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.server.address() as { port: number }
  expect(await checkMail(mailAt(port))).toMatchObject({ state: 'fail', fix: expect.stringContaining('SMTP_URL') })
  accepts = true
  expect(await checkMail(mailAt(port))).toMatchObject({ state: 'ok' })
  await new Promise<void>((done) => server.close(() => done()))
  expect(await checkMail(mailAt(port))).toMatchObject({ state: 'fail' })
  expect(await checkMail(null)).toBeNull()
})

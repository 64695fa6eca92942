// Mail over SMTP. Each call is one attempt with a deadline; whoever needs more keeps the mail and calls again.

import type { MailServer } from './mail-server.ts'

export interface Mail {
  /** The same for each attempt at one mail, so that a receiver can tell a repetition: `Message-ID` is made from it. */
  id: string
  to: string
  subject: string
  text: string
}

/** network: later may do. refused: this mail will not go, whoever asks again. auth: the server does not know us. */
export type MailResult =
  | { ok: true }
  /** mayBeSent: it broke off after the mail itself was on its way, and the server may have taken it. */
  | { ok: false; problem: 'network' | 'refused' | 'auth'; message: string; mayBeSent: boolean }

export interface Mailer {
  send(mail: Mail): Promise<MailResult>
  /** Connects and signs in, sends nothing. */
  check(): Promise<MailResult>
}

export interface MailerOptions {
  server: MailServer
  /** `Name <address>` or an address. */
  from: string
  /** For connecting, for the greeting and for each answer; default 10 s. */
  timeoutMs?: number
}

export function openMailer({ server, from, timeoutMs = 10_000 }: MailerOptions): Mailer {
  const { host, port, isEncrypted, mayBePlain, user, password } = server
  /** One connection for each mail: there are few, and servers close what idles. */
  async function connect(onData: () => void) {
    const { createTransport } = await import('nodemailer')
    return createTransport({
      host,
      port,
      secure: isEncrypted,
      requireTLS: !isEncrypted && !mayBePlain,
      // Mail servers on one's own machine come with certificates that nobody signed.
      ignoreTLS: !isEncrypted && mayBePlain,
      ...(user !== null && password !== null && { auth: { user, pass: password.reveal() } }),
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      // Its words are not kept; one of them says that the mail itself comes next.
      transactionLog: true,
      logger: silentBut((line) => line === 'DATA' && onData()),
    })
  }

  async function attempt(work: (transport: Awaited<ReturnType<typeof connect>>) => Promise<unknown>): Promise<MailResult> {
    let isOnItsWay = false
    const transport = await connect(() => (isOnItsWay = true))
    try {
      await work(transport)
      return { ok: true }
    } catch (error) {
      return failureOf(error, { address: `${host}:${port}`, password: password?.reveal() ?? null, isOnItsWay })
    } finally {
      transport.close()
    }
  }

  return {
    send: ({ id, to, subject, text }) =>
      attempt((transport) =>
        transport.sendMail({
          from,
          // As an object, so that nothing in it is read as a second address.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domainOf(from)}>`,
          headers: { 'auto-submitted': 'auto-generated' },
        }),
      ),
    check: () => attempt((transport) => transport.verify()),
  }
}

interface Attempted {
  address: string
  password: string | null
  isOnItsWay: boolean
}

function failureOf(error: unknown, { address, password, isOnItsWay }: Attempted): MailResult {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message?: string }
  const hidden = [password, password === null ? null : Buffer.from(password).toString('base64')].filter((one) => one !== null && one !== '')
  const said = hidden.reduce<string>((text, one) => text.replaceAll(one as string, '[secret]'), message ?? String(error))
  if (code === 'EAUTH' || code === 'ENOAUTH')
    return {
      ok: false,
      problem: 'auth',
      mayBeSent: false,
      message: `The mail server ${address} does not accept the user and password of SMTP_URL: ${said}`,
    }
  if (code === 'ETLS')
    return {
      ok: false,
      problem: 'refused',
      mayBeSent: false,
      message: `The mail server ${address} offers no encryption, so nothing was sent. Use one that does, or smtps://.`,
    }
  const isFinal = responseCode !== undefined && responseCode >= 500
  return {
    ok: false,
    problem: isFinal ? 'refused' : 'network',
    mayBeSent: isOnItsWay && responseCode === undefined,
    message: `The mail server ${address} took no mail: ${said}`,
  }
}

function silentBut(hear: (line: string) => unknown) {
  const log = (meta: { tnx?: string } | undefined, line: string): void => void (meta?.tnx === 'client' && hear(line))
  return { level: () => undefined, trace: log, debug: log, info: log, warn: log, error: log, fatal: log }
}

function domainOf(from: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'slipway.invalid'
}

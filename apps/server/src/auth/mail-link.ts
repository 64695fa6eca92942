// The link to sign in, by mail. It counts for ten minutes, so what cannot be sent soon is not kept.

import { randomUUID } from 'node:crypto'
import type { Mailer } from '@slipway/connectors/mail/open-mailer'
import type { Runtime } from '../runtime.ts'
import type { Access } from './open-access.ts'
import { mayJoin } from './sign-up-rule.ts'

export interface LinkMail {
  mailer: Mailer
  access: Pick<Access, 'people' | 'rule'>
  runtime: Pick<Runtime, 'logger' | 'ports'>
  email: string
  /** Address of this installation. */
  base: string
  link: string
}

const pausesMs = [2_000, 10_000, 30_000]

/** Sends nothing to addresses that may not sign in. Never throws; what went wrong is in the log, the link is not. */
export async function mailLink({ mailer, access, runtime, email, base, link }: LinkMail): Promise<void> {
  const { logger, ports } = runtime
  try {
    if (!(await access.people.wouldAdmit({ email, mayJoin: mayJoin(access.rule, email) }))) {
      logger.info({ email }, 'no link was mailed: this address may not sign in')
      return
    }
    const mail = { id: randomUUID(), to: email, subject: 'Sign in to Slipway', text: textOf(base, link) }
    for (const pauseMs of [...pausesMs, null]) {
      const sent = await mailer.send(mail)
      if (sent.ok) return logger.info({ email }, 'a link to sign in was mailed')
      logger.warn({ email, problem: sent.problem }, `a link to sign in could not be mailed: ${sent.message}`)
      if (sent.problem !== 'network' || pauseMs === null) return
      await ports.clock.sleep(pauseMs)
    }
  } catch (error) {
    logger.error({ err: error }, 'a link to sign in could not be mailed')
  }
}

function textOf(base: string, link: string): string {
  return [
    `Somebody, most likely you, wants to sign in to Slipway at ${base}.`,
    'Open this link and press the button on the page. It counts once, for ten minutes:',
    link,
    'If it was not you, there is nothing to do.',
  ].join('\n\n')
}

// What answers the part of the contract about mails that people asked for.

import type { FastifyInstance } from 'fastify'
import { readMailChoices, saveMailChoices } from '@slipway/store/mail-notices'
import type { Person } from '../auth/person.ts'
import * as contract from '../contract/notice-routes.ts'
import { SlipwayError } from '../errors/slipway-error.ts'
import type { Runtime } from '../runtime.ts'
import { handle } from './handle.ts'

export function addNoticeRoutes(app: FastifyInstance, { store, settings }: Pick<Runtime, 'store' | 'settings'>): void {
  const canMail = settings.mail !== null
  const shown = async ({ ownerId, email }: Person) => ({
    ...(await readMailChoices(store.as(ownerId), ownerId)),
    canMail,
    address: email,
  })

  handle(app, contract.showNotices, ({ person }) => shown(person))

  handle(app, contract.changeNotices, async ({ person, body }) => {
    const wantsAny = body.needsYou || body.finished || body.failed
    if (wantsAny && !canMail)
      throw new SlipwayError('not-configured', 'This installation sends no mail. An administrator sets SMTP_URL and MAIL_FROM.')
    if (wantsAny && person.email === null) throw new SlipwayError('usage', 'The command line has no address. Sign in, and choose there.')
    await saveMailChoices(store.as(person.ownerId), person.ownerId, body)
    return shown(person)
  })
}

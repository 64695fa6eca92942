// slipway audit: whether the record of who got access is whole.

import { openAudit } from '@slipway/server/auth/audit'
import { openSecretKey } from '@slipway/server/auth/secret-key'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

export function verifyAudit(): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async ({ store, settings }) => {
    const key = await openSecretKey(settings.home, settings.signIn.secretKeys)
    const audit = openAudit(store.database.pool, key.ring('audit'))
    const broken = await audit.firstBroken()
    if (broken !== null) {
      const message = `The audit does not fit together from row ${broken} on: rows were changed, taken out or sealed with another SLIPWAY_SECRET_KEY. Compare it with a backup.`
      throw new SlipwayError('conflict', message)
    }
    const [newest] = await audit.list({ before: null, limit: 1 })
    terminal.print(newest === undefined ? 'The audit is empty.' : `The audit is whole: ${newest.seq} rows, the newest of ${newest.at}.`)
    return exitCodes.asAsked
  })
}

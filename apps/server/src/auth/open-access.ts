// Everything about who may do what, put together for one process.

import type { Runtime } from '../runtime.ts'
import { openAccessWatch, type AccessWatch } from './access-watch.ts'
import { openAudit, type Audit } from './audit.ts'
import { openIdentify, type Identify } from './identify.ts'
import { createPeople, type People } from './people.ts'
import { openSecretKey } from './secret-key.ts'
import { cookiePrefix } from './session-cookie.ts'
import { openSignIn, type SignIn } from './sign-in.ts'
import { signUpRule, type SignUpRule } from './sign-up-rule.ts'

export interface Access {
  identify: Identify
  signIn: SignIn
  people: People
  audit: Audit
  watch: AccessWatch
  rule: SignUpRule
  close(): Promise<void>
}

export interface AccessInput {
  runtime: Pick<Runtime, 'settings' | 'store' | 'ports' | 'logger'>
  /** Of the home folder. */
  token: string
  publicUrl: URL | null
}

export async function openAccess({ runtime, token, publicUrl }: AccessInput): Promise<Access> {
  const { settings, store, ports, logger } = runtime
  const { database } = store
  const key = await openSecretKey(settings.home, settings.signIn.secretKeys)
  const people = createPeople(database.pool)
  const audit = openAudit(database.pool, key.ring('audit'))
  const rule = signUpRule(settings)
  const cookieKey = key.for('cookies')
  const watch = openAccessWatch(store, ports.clock)
  const { google } = settings.signIn
  return {
    identify: openIdentify({ pool: database.pool, token, cookiePrefix: cookiePrefix(publicUrl), cookieKey }),
    signIn: openSignIn({ database, people, audit, rule, google, publicUrl, cookieKey, logger }),
    people,
    audit,
    watch,
    rule,
    close: () => watch.close(),
  }
}

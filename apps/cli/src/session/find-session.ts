// Finds the session that somebody means by the beginning of its id.

import { LOCAL_OWNER } from '@slipway/server/auth/person'
import { SlipwayError, unknownSession } from '@slipway/server/errors/slipway-error'
import type { Runtime } from '@slipway/server/runtime'
import { oneLine } from '../render/plain-text.ts'

/** The full id. Throws when none or several begin so. `last` means the newest. */
export async function findSession({ store }: Pick<Runtime, 'store'>, typed: string): Promise<string> {
  if (typed.trim() === '')
    throw new SlipwayError('usage', 'The session is empty. Type the beginning of its id, or `last`; `slipway sessions` lists them.')
  const found =
    typed === 'last'
      ? await store.sessions.list({ ownerId: LOCAL_OWNER, limit: 1 })
      : await store.sessions.searchPrefix(typed.toLowerCase(), 6)
  const own = found.filter((row) => row.ownerId === LOCAL_OWNER)
  const [first, second] = own
  if (first === undefined) throw unknownSession(typed)
  if (second === undefined || first.id === typed) return first.id
  const lines = own.map((row) => `  ${row.id}  ${oneLine(row.title, 50)}`)
  throw new SlipwayError('usage', `Several sessions begin with ${typed}. Type more of the id:\n${lines.join('\n')}`)
}

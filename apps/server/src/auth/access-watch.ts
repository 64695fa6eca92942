// Closes what somebody has open as soon as what let them in is taken away, in whichever process that happens.

import type { Clock } from '@slipway/core/ports'
import { listenForNotifications } from '@slipway/store/notification-listener'
import type { Store } from '@slipway/store/store'
import type { Credential } from './identify.ts'

export interface AccessWatch {
  /** Calls `lost` once when the credential no longer counts. Returns how to stop watching. */
  watch(credential: Credential, lost: () => void): () => void
  close(): Promise<void>
}

interface Watched {
  credential: Credential
  lost(): void
}

/** Told by triggers of the database (migration 0005). */
const CHANNEL = 'slipway_access'
/** Nobody announces that a time has run out. */
const LOOK_EVERY_MS = 15_000

const stillCounts: Record<Credential['kind'], string> = {
  session: `select s.id from auth.session s join auth."user" u on u.id = s."userId" join people p on p.email = u.email
    where s.id = any($1) and s."expiresAt" > clock_timestamp() and p.disabled_at is null`,
  key: `select k.id from api_keys k left join people p on p.id = k.person_id
    where k.id = any($1) and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp()) and p.disabled_at is null`,
  share: `select id from shares where id = any($1) and withdrawn_at is null and (expires_at is null or expires_at > clock_timestamp())`,
}

export function openAccessWatch({ database }: Pick<Store, 'database'>, clock: Clock): AccessWatch {
  const watched = new Set<Watched>()
  let listener: ReturnType<typeof listenForNotifications> | null = null

  async function look(): Promise<void> {
    for (const kind of ['session', 'key', 'share'] as const) {
      const of = [...watched].filter(({ credential }) => credential.kind === kind)
      if (of.length === 0) continue
      const ids = [...new Set(of.map(({ credential }) => credential.id))]
      const { rows } = await database.pool.query<{ id: string }>(stillCounts[kind], [ids])
      const good = new Set(rows.map(({ id }) => id))
      for (const one of of) if (!good.has(one.credential.id) && watched.delete(one)) one.lost()
    }
  }

  // A look that fails because the database is away is made up for by the next one.
  const lookAgain = (): void => void look().catch(() => undefined)
  const timer = setInterval(lookAgain, LOOK_EVERY_MS).unref()

  return {
    watch(credential, lost) {
      const one = { credential, lost }
      watched.add(one)
      listener ??= listenForNotifications({
        connect: () => database.connect(),
        channel: CHANNEL,
        clock,
        onPayload: lookAgain,
        onListening: look,
      })
      // It may have been taken away between the check that let them in and now.
      lookAgain()
      return () => void watched.delete(one)
    },
    async close() {
      clearInterval(timer)
      await listener?.close()
    },
  }
}

// What was done about access: appended, never changed. Each row's seal covers the one before it, under a key that the
// database does not have, so rows that somebody changed, took out or put between do not fit any more.

import { createHmac } from 'node:crypto'
import type { Store } from '@slipway/store/store'
import type { Queryable } from '@slipway/store/person-store'

export interface AuditEntry {
  seq: number
  at: string
  /** null: somebody who is not known. */
  actorId: string | null
  action: AuditAction
  /** What it was done to. */
  subject: string | null
  details: Record<string, string | number | boolean | null>
}

export type AuditAction =
  | 'signed-in'
  | 'sign-in-refused'
  | 'signed-out-everywhere'
  | 'device-signed-out'
  | 'person-invited'
  | 'person-changed'
  | 'key-made'
  | 'key-revoked'
  | 'share-made'
  | 'share-withdrawn'
  | 'connection-made'
  | 'connection-removed'
  | 'deployment-promoted'
  | 'deployment-rolled-back'

export interface Audit {
  record(entry: Omit<AuditEntry, 'seq' | 'at'>): Promise<void>
  /** Newest first. */
  list(input: { before: number | null; limit: number }): Promise<AuditEntry[]>
  /** The first row whose seal does not fit, or null. Rows cut off at the end do not show here. */
  firstBroken(): Promise<number | null>
}

/** Any number that nobody else uses on this database. */
const ADVISORY_LOCK = 7_305_219_648_305
const columns = 'seq, at, actor_id as "actorId", action, subject, details'

/** Rows are sealed with the first of the keys, and may have been with any of them. */
export function openAudit(pool: Store['database']['pool'], [key = '', ...older]: readonly string[]): Audit {
  async function append(client: Queryable, entry: Omit<AuditEntry, 'seq' | 'at'>): Promise<void> {
    const last = await client.query<{ seq: number; seal: Buffer }>('select seq, seal from audit order by seq desc limit 1')
    const seq = (last.rows[0]?.seq ?? 0) + 1
    const at = new Date().toISOString()
    const seal = sealOf(key, last.rows[0]?.seal ?? null, { seq, at, ...entry })
    await client.query('insert into audit (seq, at, actor_id, action, subject, details, seal) values ($1, $2, $3, $4, $5, $6, $7)', [
      seq,
      at,
      entry.actorId,
      entry.action,
      entry.subject,
      JSON.stringify(entry.details),
      seal,
    ])
  }

  return {
    async record(entry) {
      const client = await pool.connect()
      try {
        await client.query('begin')
        await client.query('select pg_advisory_xact_lock($1)', [ADVISORY_LOCK])
        await append(client, entry)
        await client.query('commit')
        client.release()
      } catch (error) {
        client.release(error as Error)
        throw error
      }
    },
    async list({ before, limit }) {
      const { rows } = await pool.query<AuditEntry>(
        `select ${columns} from audit where $1::bigint is null or seq < $1 order by seq desc limit $2`,
        [before, limit],
      )
      return rows
    },
    async firstBroken() {
      let previous: Buffer | null = null
      let expected = 1
      for (;;) {
        const { rows } = await pool.query<AuditEntry & { seal: Buffer }>(
          `select ${columns}, seal from audit where seq >= $1 order by seq limit 500`,
          [expected],
        )
        for (const { seal, ...entry } of rows) {
          if (entry.seq !== expected || ![key, ...older].some((one) => sealOf(one, previous, entry).equals(seal))) return expected
          previous = seal
          expected++
        }
        if (rows.length < 500) return null
      }
    },
  }
}

function sealOf(key: string, previous: Buffer | null, entry: AuditEntry): Buffer {
  const { seq, at, actorId, action, subject, details } = entry
  return createHmac('sha256', key)
    .update(previous ?? '')
    .update(JSON.stringify([seq, at, actorId, action, subject, details]))
    .digest()
}

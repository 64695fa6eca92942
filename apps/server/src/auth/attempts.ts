// How often somebody may try, counted in the database so that more processes allow no more.

import { createHash } from 'node:crypto'
import type { Queryable } from '@slipway/store/person-store'
import { SlipwayError } from '../errors/slipway-error.ts'

export interface AttemptLimit {
  kind: 'link-by-address' | 'link-by-email' | 'sign-in-by-address'
  /** What the attempts have in common; kept as a hash. */
  of: string
  max: number
}

const WINDOW_SECONDS = 600
const KEPT_DAYS = 1

/** Counts the attempt in each of the limits. Throws `rate-limited` when one of them is used up. */
export async function countAttempts(pool: Queryable, limits: AttemptLimit[]): Promise<void> {
  for (const { kind, of, max } of limits) {
    const key = `${kind} ${createHash('sha256').update(of).digest('base64url')}`
    const { rows } = await pool.query<{ count: number }>('select count_attempt($1, $2) as count', [key, WINDOW_SECONDS])
    const count = rows[0]?.count ?? 1
    if (count === 1) await pool.query(`delete from attempts where since < clock_timestamp() - $1 * interval '1 day'`, [KEPT_DAYS])
    if (count > max) throw new SlipwayError('rate-limited', 'Too many attempts to sign in. Wait ten minutes, then try again.')
  }
}

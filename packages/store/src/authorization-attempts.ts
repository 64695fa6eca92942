// People who were sent to a provider and are expected back: once each, within ten minutes. Of the state that they bring
// back only the hash is kept.

import { createHash, randomBytes } from 'node:crypto'
import type { ProviderName } from '@slipway/core/accounts'
import { makeSecret, type Secret } from '@slipway/core/secret'
import type { Pool } from 'pg'
import type { Sealer, SealPlace } from './seal.ts'

export interface AuthorizationAttempt {
  ownerId: string
  personId: string
  /** The browser session that they left from. */
  credentialId: string
  provider: ProviderName
  /** Proves to the provider that the code comes back to whoever asked for it (PKCE). */
  verifier: Secret
  /** Where the provider sends them; it must be named again with the code. */
  redirectAddress: string
  /** Where they go afterwards, on this server. */
  returnPath: string
}

export interface AuthorizationAttempts {
  /** Returns the state that must come back. */
  begin(attempt: AuthorizationAttempt): Promise<string>
  /** The attempt of this state, which nobody gets again; null: there is none, or it is too old. */
  take(state: string): Promise<AuthorizationAttempt | null>
}

const lifetimeSeconds = 600
const stateBytes = 32

interface AttemptRow extends Omit<AuthorizationAttempt, 'verifier'> {
  sealedVerifier: Buffer
  isAlive: boolean
}

export function createAuthorizationAttempts(pool: Pool, sealer: () => Promise<Sealer>): AuthorizationAttempts {
  return {
    async begin(attempt) {
      const seal = await sealer()
      const state = randomBytes(stateBytes).toString('base64url')
      const hash = hashOf(state)
      await pool.query('delete from authorization_attempts where expires_at < clock_timestamp()')
      await pool.query(
        `insert into authorization_attempts
           (state_hash, owner_id, person_id, credential_id, provider, sealed_verifier, redirect_address, return_path, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, clock_timestamp() + $9 * interval '1 second')`,
        [
          hash,
          attempt.ownerId,
          attempt.personId,
          attempt.credentialId,
          attempt.provider,
          seal.seal(attempt.verifier.reveal(), placeOf(hash, attempt.ownerId)),
          attempt.redirectAddress,
          attempt.returnPath,
          lifetimeSeconds,
        ],
      )
      return state
    },
    async take(state) {
      const hash = hashOf(state)
      const { rows } = await pool.query<AttemptRow>(
        `delete from authorization_attempts where state_hash = $1
         returning owner_id as "ownerId", person_id as "personId", credential_id as "credentialId", provider, sealed_verifier as "sealedVerifier",
           redirect_address as "redirectAddress", return_path as "returnPath", expires_at > clock_timestamp() as "isAlive"`,
        [hash],
      )
      const [row] = rows
      if (row === undefined || !row.isAlive) return null
      const { sealedVerifier, isAlive: _, ...rest } = row
      const verifier = (await sealer()).open(sealedVerifier, placeOf(hash, row.ownerId))
      return verifier.ok ? { ...rest, verifier: makeSecret(verifier.text) } : null
    },
  }
}

function hashOf(state: string): Buffer {
  return createHash('sha256').update(state).digest()
}

function placeOf(hash: Buffer, owner: string): SealPlace {
  return { owner, table: 'authorization_attempts', row: hash.toString('hex'), column: 'sealed_verifier' }
}

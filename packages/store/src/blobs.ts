import { createHash } from 'node:crypto'
import type { Blobs } from '@slipway/core/ports'
import type { Pool } from 'pg'

/** Bytes by their SHA-256, in the database. Storing the same bytes twice stores them once. */
export function createBlobs(pool: Pool): Blobs {
  return {
    async put(bytes) {
      const sha = createHash('sha256').update(bytes).digest('hex')
      await pool.query({
        name: 'put-blob',
        text: 'insert into blobs (sha, bytes) values ($1, $2) on conflict (sha) do nothing',
        values: [sha, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)],
      })
      return sha
    },
    async get(sha) {
      const { rows } = await pool.query<{ bytes: Buffer }>({
        name: 'get-blob',
        text: 'select bytes from blobs where sha = $1',
        values: [sha],
      })
      return rows[0]?.bytes ?? null
    },
  }
}

// What one person may see of the store. Every query runs in a transaction of its own as a role for which the tables'
// policies hold, with the person's owner in a setting; both end with the transaction, so a pooled connection carries
// nothing over to the next one.

import type { Blobs, EventLog } from '@slipway/core/ports'
import { escapeLiteral, type Pool, type PoolClient, type QueryConfig, type QueryResult, type QueryResultRow } from 'pg'
import { createBlobs } from './blobs.ts'
import { createBudgets, type StoredBudgets } from './budgets.ts'
import { createEventLog, type StoredEventLog } from './event-log.ts'
import { PERSON_ROLE } from './person-role.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { isPossibleId } from './storable-text.ts'

/** Fits wherever a pool is only queried. */
export interface Queryable {
  query<Row extends QueryResultRow>(query: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>>
}

export interface PersonStore extends Queryable {
  log: Pick<EventLog, 'read'> & Pick<StoredEventLog, 'readLast'>
  sessions: Sessions
  blobs: Pick<Blobs, 'get'>
  budgets: Pick<StoredBudgets, 'list'>
}

/** Otherwise a long session of somebody else's would take longer to hide than one that does not exist. */
const readIf = { name: 'of-person', sql: 'exists (select from sessions where id = $1)' }

/** Rows of other owners do not exist here, whatever the query. */
export function openPersonStore(pool: Pool, ownerId: string): PersonStore {
  if (ownerId === '' || !isPossibleId(ownerId)) throw new Error('a person without an owner id sees nothing')
  // One message, in which the second statement does not run when the first fails.
  const become = `begin; set local role ${PERSON_ROLE}; set local slipway.owner = ${escapeLiteral(ownerId)}`

  async function query<Row extends QueryResultRow>(wanted: string | QueryConfig, values?: unknown[]): Promise<QueryResult<Row>> {
    const client = await pool.connect()
    try {
      await client.query(become)
      const result = typeof wanted === 'string' ? await client.query<Row>(wanted, values) : await client.query<Row>(wanted)
      await client.query('commit')
      client.release()
      return result
    } catch (error) {
      await giveBack(client)
      throw error
    }
  }

  const view = { query } as unknown as Pool // Those who get it only query.
  const { read, readLast } = createEventLog({ pool: view, blobs: createBlobs(view), publish: () => undefined, readIf })
  return {
    query,
    log: { read, readLast },
    sessions: createSessions(view),
    blobs: { get: (sha) => createBlobs(view).get(sha) },
    budgets: { list: () => createBudgets(view).list() },
  }
}

/** A connection that cannot be cleaned is thrown away. */
async function giveBack(client: PoolClient): Promise<void> {
  try {
    await client.query('rollback')
    client.release()
  } catch (error) {
    client.release(error as Error)
  }
}

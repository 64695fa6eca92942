// A database whose clock can be set, as somebody does who sets the clock of its machine.

import type { Pool } from 'pg'

/** For connections that are opened from now on. PostgreSQL's own function stays, behind one that is found first. */
export async function makeClockSettable(pool: Pool): Promise<void> {
  await pool.query(`
    create schema shifted
    create table ahead (by_ms float8 not null);
    insert into shifted.ahead values (0);
    create function shifted.clock_timestamp() returns timestamptz language sql volatile as
      'select pg_catalog.clock_timestamp() + by_ms * interval ''1 ms'' from shifted.ahead';
    grant usage on schema shifted to public;
    grant select on shifted.ahead to public;
    do $$ begin execute format('alter database %I set search_path = shifted, pg_catalog, public', current_database()); end $$`)
}

/** From now on this database's clock is so many milliseconds ahead of the machine's; negative: behind. */
export async function setClockAhead(pool: Pool, ms: number): Promise<void> {
  await pool.query('update shifted.ahead set by_ms = $1', [ms])
}

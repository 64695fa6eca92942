// The store of an installation.

import type { DatabaseOptions } from '@slipway/store/database'
import { openStore, type Store } from '@slipway/store/store'
import { SlipwayError } from './errors/slipway-error.ts'
import { systemClock } from './runtime/clock.ts'
import type { Settings } from './settings.ts'

/** Throws SlipwayError that says what to do when the database cannot be had, within the patience given. */
export async function openStoreFor(
  { home, databaseUrl }: Settings,
  waiting: Pick<DatabaseOptions, 'patienceMs' | 'onAway' | 'onBegun'> = {},
): Promise<Store> {
  const opened = await openStore({ home, databaseUrl: databaseUrl?.reveal() ?? null, clock: systemClock, ...waiting })
  if (!opened.ok) throw new SlipwayError('not-ready', `${opened.message}\n${opened.fix}`)
  return opened.store
}

// The store of an installation.

import { openStore, type Store } from '@slipway/store/store'
import { SlipwayError } from './errors/slipway-error.ts'
import { systemClock } from './runtime/clock.ts'
import type { Settings } from './settings.ts'

/** Throws SlipwayError that says what to do when the database cannot be had. */
export async function openStoreFor({ home, databaseUrl }: Settings): Promise<Store> {
  const opened = await openStore({ home, databaseUrl: databaseUrl?.reveal() ?? null, clock: systemClock })
  if (!opened.ok) throw new SlipwayError('not-ready', `${opened.message}\n${opened.fix}`)
  return opened.store
}

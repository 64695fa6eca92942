// Everything between sessions and forges that runs by itself in a long-running server, put together once.

import { createOutbox } from '@slipway/store/outbox'
import { runOutbox } from '../outbox/run-outbox.ts'
import type { Runtime } from '../runtime.ts'
import { processDeliveries } from '../webhooks/process-deliveries.ts'
import { followChanges } from './follow-changes.ts'
import { forgeWriteHandlers } from './forge-writes.ts'
import { openWatches } from './open-watches.ts'

export interface ForgeWork {
  /** A delivery was stored. */
  onDelivery(): void
  close(): Promise<void>
}

export function openForgeWork(
  runtime: Pick<Runtime, 'store' | 'ports' | 'settings' | 'logger' | 'accounts'>,
  onNotionPage: ((pageId: string) => Promise<void>) | null,
): ForgeWork {
  const { store, ports, logger } = runtime
  const watches = openWatches(runtime, runtime.accounts)
  const outbox = runOutbox({
    outbox: createOutbox(store.database.pool),
    clock: ports.clock,
    logger,
    handlers: forgeWriteHandlers(runtime, watches),
  })
  const onWrite = () => outbox.nudge()
  const followed = followChanges({ runtime, watches, onWrite })
  const deliveries = processDeliveries({ runtime, watches, onWrite, followed, onNotionPage })
  return {
    onDelivery: () => deliveries.nudge(),
    async close() {
      await Promise.all([deliveries.close(), followed.close(), outbox.close()])
    },
  }
}

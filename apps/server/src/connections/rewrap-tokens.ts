// After a change of keys: stored tokens are brought under the present one, so that the former can be taken away.

import type { Connections } from '@slipway/store/connections'
import type { Logger } from 'pino'

/** Never rejects: what cannot be done now is done at the next start. */
export async function rewrapTokens(
  connections: Pick<Connections, 'rewrap'>,
  logger: Pick<Logger, 'info' | 'error' | 'warn'>,
): Promise<void> {
  try {
    const { rewrapped, unreadable } = await connections.rewrap()
    if (rewrapped > 0) logger.info({ rewrapped }, 'stored tokens are under the present secret key now')
    if (unreadable > 0)
      logger.error(
        { unreadable },
        'stored tokens do not open: SLIPWAY_SECRET_KEY is another one, or rows were changed; their people connect again',
      )
  } catch (error) {
    logger.warn({ err: error }, 'could not look at stored tokens')
  }
}

// One long-running process: the API, a worker, or both, as its role says.

import { drive } from '@slipway/agent/drive'
import { followDeployments } from './deployments/follow-deployments.ts'
import { rewrapTokens } from './connections/rewrap-tokens.ts'
import { wakeWaiting } from './connections/wake-waiting.ts'
import { openSecretKey } from './auth/secret-key.ts'
import { openApi } from './http/open-api.ts'
import { apiTokenPath, openApiToken } from './http/api-token.ts'
import { listen } from './http/listen.ts'
import { openForgeWork } from './follow/open-forge-work.ts'
import { openMetrics } from './observability/metrics.ts'
import { openReadiness } from './observability/readiness.ts'
import { listenForPreviews } from './preview/listen-for-previews.ts'
import { openNotionAccess } from './notion/notion-access.ts'
import { openNotionQueue, type NotionQueue } from './notion/notion-queue.ts'
import { openMailNotices } from './notices/mail-notices.ts'
import { openPlanKeeper, type PlanKeeper } from './plans/open-plan-keeper.ts'
import { openRoutines } from './routines/routines.ts'
import { applyDailyBudget, openRuntime, type Runtime } from './runtime.ts'
import type { Settings } from './settings.ts'
import { productVersion } from './version.ts'
import { builtPages } from './web/built-pages.ts'
import { readPages } from './web/read-pages.ts'
import { countSessions } from './views/installation-usage.ts'
import { reapOrphans } from './worker/reap-orphans.ts'
import { startWorker, type Worker } from './worker/worker.ts'

export interface RunningServer {
  /** null in the role of a worker. */
  url: string | null
  tokenPath: string
  runtime: Runtime
  /** Stops listening, hands every session back, closes the rest. */
  close(): Promise<void>
}

/** Throws SlipwayError when the port is taken or the database cannot be had. */
export async function startServer(settings: Settings): Promise<RunningServer> {
  // Made before the guard looks for them, so that they are kept out of everything from the first start on.
  await Promise.all([openApiToken(settings.home), openSecretKey(settings.home, settings.signIn.secretKeys)])
  const runtime = await openRuntime(settings, { keepsSpareSandbox: settings.role !== 'api' })
  try {
    return await start(runtime)
  } catch (error) {
    await runtime.close()
    throw error
  }
}

async function start(runtime: Runtime): Promise<RunningServer> {
  const { settings, store, sandboxes, logger, ports } = runtime
  if (settings.role !== 'api') await applyDailyBudget(runtime)
  // Before anything runs that would have to be ended again: of what is opened here, this is what fails.
  const previews = await listenForPreviews(runtime)
  const token = await openApiToken(settings.home)
  const tokenPath = apiTokenPath(settings.home)
  const publicUrl = settings.http.publicUrl === null ? null : new URL(settings.http.publicUrl)
  const metrics = openMetrics({ bus: ports.bus, sessionsByStatus: () => countSessions(store.database.pool) })
  const routines = await openRoutines(runtime)
  const notion = openNotionAccess({ accounts: runtime.accounts, apiUrl: settings.notion.apiUrl, clock: ports.clock })
  // The port comes before the worker: a second server on one port must not take sessions before it gives up.
  const parts = {
    api: null as Awaited<ReturnType<typeof openApi>> | null,
    worker: null as Worker | null,
    queue: null as NotionQueue | null,
    plans: null as PlanKeeper | null,
    tidying: Promise.resolve<unknown>(null),
  }
  const readiness = openReadiness({ store, sandboxes, worker: () => parts.worker, now: ports.clock.now })
  const deployments = settings.role === 'worker' ? null : followDeployments(runtime)
  const noticePage = async (pageId: string): Promise<void> => {
    if (parts.queue === null) throw new Error('a page was delivered before the queue was open')
    await parts.queue.noticePage(pageId)
  }
  const waking = wakeWaiting(runtime, runtime.accountParts)
  const forgeWork = openForgeWork(runtime, settings.role === 'api' ? null : noticePage)
  const notices = settings.role === 'api' ? null : openMailNotices(runtime)

  async function close(): Promise<void> {
    await parts.api?.close()
    await waking.close()
    await forgeWork.close()
    await notices?.close()
    await previews.close()
    await parts.plans?.close()
    await parts.queue?.close()
    await parts.worker?.drain()
    await deployments?.close()
    await routines.close()
    await parts.tidying
    metrics.close()
    await runtime.close()
  }

  try {
    if (settings.role !== 'worker')
      parts.api = await openApi({
        runtime,
        routines,
        notion,
        metrics,
        readiness,
        logger,
        token,
        tokenPath,
        publicUrl,
        version: productVersion(),
        onDelivery: forgeWork.onDelivery,
        pages: await readPages(builtPages),
        previews,
      })
    const url = parts.api === null ? null : await listen(parts.api, settings.http)
    // Not before it is certain that this server stays: what it does must have ended before the store is closed.
    parts.tidying = tidyUp(runtime)
    if (settings.role !== 'api') {
      parts.worker = startSessions(runtime, metrics.driveEnded)
      parts.queue = openNotionQueue(runtime, notion, { pollMs: settings.notion.pollMs })
      parts.plans = openPlanKeeper(runtime, notion)
    }
    logger.info({ role: settings.role, url, database: store.database.url }, 'started')
    return { url, tokenPath, runtime, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Never rejects: what cannot be done now is done at the next start. */
async function tidyUp(runtime: Runtime): Promise<void> {
  const { settings, accountParts, logger } = runtime
  await Promise.all([rewrapTokens(accountParts.connections, logger), settings.role === 'api' ? null : removeOrphans(runtime)])
}

async function removeOrphans(runtime: Runtime): Promise<void> {
  try {
    const count = await reapOrphans(runtime)
    if (count > 0) runtime.logger.info({ count }, 'removed what crashed processes left behind')
  } catch (error) {
    runtime.logger.warn({ err: error }, 'could not look for left-over sandboxes')
  }
}

function startSessions(runtime: Runtime, ended: (result: string) => void): Worker {
  const { ports, store, settings, logger, workerId } = runtime
  return startWorker({
    ports,
    leases: store.leases,
    drive,
    workerId,
    ...settings.worker,
    onDriven(sessionId, result) {
      ended(result.kind)
      if (result.kind === 'failed') logger.error({ err: result.error, sessionId }, 'drive failed')
      else logger.info({ sessionId, result: result.kind }, 'session driven')
    },
    onTrouble: (error) => logger.error({ err: error }, 'worker trouble'),
  })
}

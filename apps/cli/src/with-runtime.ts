// Opens the installation for one command and closes it again.

import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Runtime } from '@slipway/server/runtime'
import type { Settings } from '@slipway/server/settings'

export interface SettingsInput {
  logLevel?: Settings['logLevel']
}

type Load = (() => Promise<unknown>)[]

/** The settings of this environment; throws SlipwayError that lists every problem. */
export async function settingsOrThrow({ logLevel }: SettingsInput = {}): Promise<Settings> {
  const [{ readSettings }, { SlipwayError }] = await Promise.all([
    import('@slipway/server/settings'),
    import('@slipway/server/errors/slipway-error'),
  ])
  const read = readSettings(process.env)
  if (!read.ok) throw new SlipwayError('usage', ['Some settings are wrong:', ...read.problems.map((problem) => `  ${problem}`)].join('\n'))
  for (const name of read.settings.unknownNames)
    process.stderr.write(`slipway: ${name} is no setting of Slipway; is it misspelt? docs/configuration.md lists them.\n`)
  // Commands of people log only what is broken, unless they ask for more.
  return logLevel !== undefined && !process.env['SLIPWAY_LOG_LEVEL'] ? { ...read.settings, logLevel } : read.settings
}

/** Runs with an open runtime and closes it whatever happens. `load` names the modules that `run` will need. */
export async function withRuntime<Result>(run: (runtime: Runtime) => Promise<Result>, load: Load = []): Promise<Result> {
  const settings = await settingsOrThrow({ logLevel: 'silent' })
  const { openStoreFor } = await import('@slipway/server/open-store-for')
  // The database starts while modules are read. That keeps this process busy, so the server has to be on its way before.
  const begun = Promise.withResolvers<void>()
  const store = openStoreFor(settings, { onBegun: begun.resolve })
  await Promise.race([begun.promise, store.catch(() => undefined)])
  for (const module of [() => import('@slipway/server/runtime'), ...load]) {
    await nextTurn()
    await module()
  }
  const { openRuntime } = await import('@slipway/server/runtime')
  const runtime = await openRuntime(settings, { store })
  try {
    return await run(runtime)
  } finally {
    await runtime.close()
  }
}

// Opens the installation for one command and closes it again.

import type { Runtime } from '@slipway/server/runtime'
import type { Settings } from '@slipway/server/settings'

export interface SettingsInput {
  logLevel?: Settings['logLevel']
}

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

/** Runs with an open runtime and closes it whatever happens. */
export async function withRuntime<Result>(run: (runtime: Runtime) => Promise<Result>): Promise<Result> {
  const settings = await settingsOrThrow({ logLevel: 'silent' })
  const { openRuntime } = await import('@slipway/server/runtime')
  const runtime = await openRuntime(settings)
  try {
    return await run(runtime)
  } finally {
    await runtime.close()
  }
}

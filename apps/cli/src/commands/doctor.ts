// slipway doctor: what works on this machine, and what to type where it does not.

import type { SelfTest } from '@slipway/core/ports'
import { formatDoctor } from '@slipway/server/doctor/format-doctor'
import { openHost } from '@slipway/server/doctor/host'
import { runDoctor } from '@slipway/server/doctor/run-doctor'
import { openMachineSandboxes } from '@slipway/server/runtime/open-machine-sandboxes'
import { systemClock } from '@slipway/server/runtime/clock'
import { readSettings, type Settings } from '@slipway/server/settings'
import { exitCodes, type ExitCode } from '../exit-codes.ts'

export async function doctor(options: { json?: boolean }): Promise<ExitCode> {
  const settings = readSettings(process.env)
  const report = await runDoctor({ settings, host: openHost(process.env['PATH'] ?? ''), selfTest: settings.ok ? () => selfTest(settings.settings) : null })
  const hasColour = Boolean(process.stdout.isTTY) && !process.env['NO_COLOR']
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatDoctor(report, { colour: hasColour }))
  return report.state === 'fail' ? exitCodes.failed : exitCodes.asAsked
}

async function selfTest(settings: Settings): Promise<SelfTest[]> {
  const sandboxes = await openMachineSandboxes({ settings, environment: process.env, clock: systemClock })
  try {
    return await sandboxes.available()
  } finally {
    await sandboxes.close()
  }
}

// slipway doctor: what works on this machine, and what to type where it does not.

import { formatDoctor } from '@slipway/server/doctor/format-doctor'
import { openHost } from '@slipway/server/doctor/host'
import { runDoctor } from '@slipway/server/doctor/run-doctor'
import { selfTestSandboxes } from '@slipway/server/doctor/self-test'
import { systemClock } from '@slipway/server/runtime/clock'
import { readSettings } from '@slipway/server/settings'
import { exitCodes, type ExitCode } from '../exit-codes.ts'

export async function doctor(options: { json?: boolean }): Promise<ExitCode> {
  const settings = readSettings(process.env)
  const report = await runDoctor({
    settings,
    host: openHost(process.env['PATH'] ?? ''),
    selfTest: settings.ok ? () => selfTestSandboxes({ settings: settings.settings, environment: process.env, clock: systemClock }) : null,
  })
  const hasColour = Boolean(process.stdout.isTTY) && !process.env['NO_COLOR']
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : formatDoctor(report, { colour: hasColour }))
  return report.state === 'fail' ? exitCodes.failed : exitCodes.asAsked
}

// Names the cause of what does not work on this machine, and what to type.

import type { SelfTest } from '@slipway/core/ports'
import type { Settings, SettingsResult } from '../settings.ts'
import { readSettings } from '../settings.ts'
import { checkClock } from './check-clock.ts'
import { checkDatabase } from './check-database.ts'
import { checkGithub } from './check-github.ts'
import { checkGitlab } from './check-gitlab.ts'
import { checkDisk, checkHome } from './check-home.ts'
import { checkMail } from './check-mail.ts'
import { checkModels } from './check-models.ts'
import { checkPort } from './check-port.ts'
import { checkGit, checkNode, checkUser } from './check-programs.ts'
import type { SandboxWish } from './check-sandboxes.ts'
import { checkSandboxes } from './check-sandboxes.ts'
import type { DoctorReport, Finding } from './finding.ts'
import { broken, doubtful, reportOf, well } from './finding.ts'
import type { Host } from './host.ts'

export interface DoctorInput {
  settings: SettingsResult
  host: Host
  /** Starts the backends and tries to get out of them; null leaves that away. A rejection is reported, not thrown. */
  selfTest: (() => Promise<SelfTest[]>) | null
  /** Asked by the server that listens on the port itself. */
  isListening?: boolean
}

/** Changes nothing on the machine. Never rejects: a check that breaks is itself a finding. */
export async function runDoctor({ settings, host, selfTest, isListening = false }: DoctorInput): Promise<DoctorReport> {
  const usable = settings.ok ? settings.settings : defaults(host)
  const findings = await Promise.all([
    guarded('Node', () => checkNode(host)),
    guarded('git', () => checkGit(host)),
    guarded('User', () => checkUser(host)),
    guarded('Home', () => checkHome(host, usable.home)),
    guarded('Disk', () => checkDisk(host, usable.home)),
    guarded('Database', () => checkDatabase(host, usable)),
    guarded('Sandbox', () => checkSandboxesWith(selfTest, host, usable.sandbox)),
    guarded('Port', () => (isListening ? null : checkPort(host, usable.http))),
    guarded('Model', () => checkModels(host, usable)),
    guarded('GitHub', () => checkGithub(host, usable.github)),
    guarded('GitLab', () => checkGitlab(host, usable.gitlab)),
    guarded('Mail', () => checkMail(usable.mail)),
    guarded('Clock', () => checkClock(host)),
  ])
  return reportOf([...checkSettings(settings), ...findings.flat()])
}

function checkSettings(result: SettingsResult): Finding[] {
  const fix = 'See docs/configuration.md for every setting.'
  if (!result.ok)
    return result.problems.map((problem) =>
      broken('Settings', { summary: problem, cause: 'The environment sets it so; Slipway does not start.', fix }),
    )
  const { unknownNames } = result.settings
  if (unknownNames.length === 0) return [well('Settings', 'every variable that is set is valid')]
  return unknownNames.map((name) =>
    doubtful('Settings', {
      summary: `${name} is no setting of Slipway`,
      cause: 'It is set, but nothing reads it; perhaps it is misspelt.',
      fix,
    }),
  )
}

/** The rest of the machine is still worth looking at when a variable is wrong. */
function defaults(host: Host): Settings {
  const result = readSettings({})
  if (!result.ok) throw new Error(`The defaults are not valid on ${host.platform}: ${result.problems.join(' ')}`)
  return result.settings
}

async function checkSandboxesWith(selfTest: DoctorInput['selfTest'], host: Host, wish: SandboxWish): Promise<Finding[]> {
  const [tests] = await Promise.allSettled([selfTest?.()])
  const findings = await checkSandboxes(host, wish, tests.status === 'fulfilled' ? (tests.value ?? null) : null)
  return tests.status === 'fulfilled' ? findings : [...findings, couldNotCheck('Self-test of the sandboxes', tests.reason)]
}

function couldNotCheck(name: string, error: unknown): Finding {
  return broken(name, {
    summary: 'could not be checked',
    cause: error instanceof Error ? error.message : String(error),
    fix: 'Report this with the text above.',
  })
}

type Found = Finding | Finding[] | null

async function guarded(name: string, check: () => Found | Promise<Found>): Promise<Finding[]> {
  try {
    const found = await check()
    return [found].flat().filter((finding) => finding !== null)
  } catch (error) {
    return [couldNotCheck(name, error)]
  }
}

// Runs vitest with its usual output for people, and a report beside it that can be counted.

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './checks.ts'
import { REPORT_FILE, type RunReport } from './report.ts'
import { type Tally, tallyOf } from './tally.ts'

export interface VitestRun {
  name: string
  /** Relative to the folder; none means every test there is. */
  paths: string[]
  /** Glob patterns of files to leave out. */
  except?: string[]
  signal: AbortSignal
  folder?: string
  output?: 'shown' | 'hidden'
  environment?: Record<string, string>
}

export async function runVitest(input: VitestRun): Promise<Tally> {
  const reportFolder = await mkdtemp(join(tmpdir(), 'slipway-report-'))
  const report = join(reportFolder, 'report.json')
  try {
    const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'report.ts')}`]
    const except = (input.except ?? []).map((pattern) => `--exclude=${pattern}`)
    const exitCode = await start(input, ['run', ...reporters, '--allowOnly=false', ...except, ...input.paths], report)
    return tallyOf(await readReport(report), exitCode, input.name)
  } finally {
    await rm(reportFolder, { recursive: true, force: true })
  }
}

function start({ signal, folder, output, environment }: VitestRun, args: string[], report: string): Promise<number | null> {
  const stream = output === 'hidden' ? 'ignore' : 'inherit'
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: folder ?? root,
      stdio: ['ignore', stream, stream],
      env: { ...process.env, ...environment, [REPORT_FILE]: report },
      signal,
    })
    child.on('error', () => undefined)
    child.on('close', resolve)
  })
}

async function readReport(path: string): Promise<RunReport | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as RunReport
  } catch {
    return null
  }
}

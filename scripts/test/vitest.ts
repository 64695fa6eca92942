// Runs vitest with its usual output for people, and a report beside it that can be counted.

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './checks.ts'
import type { Tally, VitestReport } from './tally.ts'
import { tallyOf } from './tally.ts'

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
    const exitCode = await start(input, [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      '--allowOnly=false',
      ...input.paths,
    ])
    return tallyOf(await readReport(report), exitCode, input.name)
  } finally {
    await rm(reportFolder, { recursive: true, force: true })
  }
}

function start({ signal, folder, output, environment }: VitestRun, args: string[]): Promise<number | null> {
  const stream = output === 'hidden' ? 'ignore' : 'inherit'
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
      cwd: folder ?? root,
      stdio: ['ignore', stream, stream],
      env: { ...process.env, ...environment },
      signal,
    })
    child.on('error', () => undefined)
    child.on('close', resolve)
  })
}

async function readReport(path: string): Promise<VitestReport | null> {
  try {
    // Written by the vitest that is pinned in package.json.
    return JSON.parse(await readFile(path, 'utf8')) as VitestReport
  } catch {
    return null
  }
}

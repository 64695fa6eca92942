// The checks that need no test runner: types, lint, formatting, unused code.

import { spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { Tally } from './tally.ts'

export const root = resolve(import.meta.dirname, '../..')

interface Check {
  name: string
  program: string
  args: string[]
}

const checks: Check[] = [
  { name: 'types', program: 'tsc', args: ['--noEmit'] },
  { name: 'types of the web application', program: 'tsc', args: ['-p', 'apps/web'] },
  { name: 'types of its tests in a browser', program: 'tsc', args: ['-p', 'e2e/web'] },
  { name: 'core is pure', program: 'tsc', args: ['-p', 'lint/tsconfig.core.json'] },
  { name: 'lint and dependency rule', program: 'oxlint', args: [] },
  { name: 'format (make format mends it)', program: 'biome', args: ['check', '--colors=off', '--max-diagnostics=20', '.'] },
  { name: 'unused code and packages', program: 'knip', args: ['--no-progress'] },
]

/** Runs them one after the other and shows the output of those that fail. */
export async function runChecks(): Promise<Tally> {
  const failures: string[] = []
  for (const check of checks) {
    const started = Date.now()
    const { exitCode, output } = await run(check)
    console.log(`${exitCode === 0 ? '✓' : '✗'} ${check.name} (${((Date.now() - started) / 1000).toFixed(1)} s)`)
    if (exitCode === 0) continue
    console.log(output)
    failures.push(check.name)
  }
  return { passed: checks.length - failures.length, failed: failures.length, failures }
}

function run({ program, args }: Check): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((done) => {
    const child = spawn(join(root, 'node_modules/.bin', program), args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    child.on('error', (error) => done({ exitCode: null, output: error.message }))
    child.on('close', (exitCode) => done({ exitCode, output }))
  })
}

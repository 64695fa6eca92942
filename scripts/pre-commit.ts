// Looks at what is about to be committed, as it is staged and not as it lies in the folder, with the airlock's own scanner.

import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { scanText } from '../packages/airlock/src/secret-scan/scan-text.ts'

const LARGEST_BYTES = 256 * 1024 * 1024

const staged = git('diff', '--cached', '--name-only', '-z', '--diff-filter=ACMR')
  .toString()
  .split('\0')
  .filter((path) => path !== '')
const problems = staged.flatMap((path) =>
  isEnvironmentFile(path) ? [`${path}: environment files hold credentials and stay out of the repository`] : newSecrets(path),
)

if (problems.length > 0) {
  console.error(`This commit is stopped:\n${problems.map((problem) => `  ${problem}`).join('\n')}`)
  console.error(
    'Take it out with: git restore --staged <file>\nWhere a test needs a value that looks like a credential, put it together from parts.',
  )
  process.exitCode = 1
}

function isEnvironmentFile(path: string): boolean {
  const name = basename(path)
  return (name === '.env' || name.startsWith('.env.')) && name !== '.env.example'
}

/** What was there before does not stop a commit that leaves it alone. */
function newSecrets(path: string): string[] {
  const isAdded = addedLines(path)
  return scanText(path, git('show', `:${path}`))
    .filter(({ line }) => isAdded(line))
    .map(({ line, rule }) => `${path}:${line}: looks like a credential (${rule})`)
}

function addedLines(path: string): (line: number) => boolean {
  const diff = git('diff', '--cached', '-U0', '--no-color', '--no-ext-diff', '--text', '--', path).toString()
  const ranges = [...diff.matchAll(/^@@ -\S+ \+(\d+)(?:,(\d+))? @@/gm)].map(([, start, count]) => ({
    start: Number(start),
    count: Number(count ?? 1),
  }))
  return (line) => ranges.some(({ start, count }) => line >= start && line < start + count)
}

function git(...args: string[]): Buffer {
  return execFileSync('git', args, { maxBuffer: LARGEST_BYTES })
}

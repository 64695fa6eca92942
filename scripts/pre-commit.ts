// Looks at what is about to be committed, as it is staged and not as it lies in the folder.

import { execFileSync } from 'node:child_process'
import { basename } from 'node:path'
import { findSecrets } from './pre-commit/find-secrets.ts'

const LARGEST_TEXT_BYTES = 64 * 1024 * 1024

const staged = git(['diff', '--cached', '--name-only', '-z', '--diff-filter=ACMR'])
  .split('\0')
  .filter((path) => path !== '')
const problems = staged.flatMap((path) =>
  isEnvironmentFile(path) ? [`${path}: environment files hold credentials and stay out of the repository`] : secretsIn(path),
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

function secretsIn(path: string): string[] {
  return findSecrets(git(['show', `:${path}`])).map(({ line, kind }) => `${path}:${line}: looks like ${kind}`)
}

function git(args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', maxBuffer: LARGEST_TEXT_BYTES })
}

// What a repository needs before its checks can run, judged from its lock files. Pure: over names and contents.

import type { EnvironmentFile } from './environment-file.ts'

/** Reads one file of the commit; null when it is not there. */
export type ReadText = (path: string) => string | null

export interface SetupPlan {
  commands: string[]
  /** Files whose contents decide what set-up produces. */
  inputs: string[]
}

interface Recipe { when: string; command: string; inputs: string[] }

// Frozen installs only: set-up must not change files that are tracked.
const recipes: Recipe[] = [
  { when: 'package-lock.json', command: 'npm ci --no-audit --no-fund', inputs: ['package.json', '.npmrc'] },
  { when: 'npm-shrinkwrap.json', command: 'npm ci --no-audit --no-fund', inputs: ['package.json', '.npmrc'] },
  { when: 'pnpm-lock.yaml', command: 'corepack pnpm install --frozen-lockfile', inputs: ['package.json', '.npmrc', 'pnpm-workspace.yaml'] },
  { when: 'yarn.lock', command: 'corepack yarn install --frozen-lockfile', inputs: ['package.json', '.yarnrc.yml'] },
  { when: 'uv.lock', command: 'uv sync --frozen', inputs: ['pyproject.toml'] },
  { when: 'poetry.lock', command: 'poetry install --no-interaction', inputs: ['pyproject.toml'] },
  { when: 'requirements.txt', command: 'python3 -m venv .venv && .venv/bin/pip install --disable-pip-version-check -r requirements.txt', inputs: [] },
  { when: 'go.sum', command: 'go mod download', inputs: ['go.mod'] },
  { when: 'Cargo.lock', command: 'cargo fetch --locked', inputs: ['Cargo.toml'] },
  { when: 'Gemfile.lock', command: 'bundle install', inputs: ['Gemfile'] },
  { when: 'composer.lock', command: 'composer install --no-interaction', inputs: ['composer.json'] },
]
const nodeLocks = new Set(['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'yarn.lock'])

/** The repository's own commands when it names some, else those of its lock files; one per kind. */
export function detectSetup(file: EnvironmentFile, paths: readonly string[], read: ReadText): SetupPlan {
  const present = new Set(paths)
  const found = recipes.filter((recipe) => present.has(recipe.when) && !isEmptyLock(recipe.when, read))
  const inputs = [...new Set(found.flatMap((recipe) => [recipe.when, ...recipe.inputs]))].filter((path) => present.has(path))
  if (file.setup) return { commands: file.setup, inputs: ['.slipway/environment.yaml', ...inputs] }
  const [node] = found.filter((recipe) => nodeLocks.has(recipe.when))
  const chosen = [...(node ? [node] : []), ...found.filter((recipe) => !nodeLocks.has(recipe.when))]
  return { commands: chosen.map((recipe) => recipe.command), inputs }
}

/** A lock file without packages needs no installation. */
function isEmptyLock(path: string, read: ReadText): boolean {
  if (path === 'requirements.txt') return (read(path) ?? '').split('\n').every((line) => line.trim() === '' || line.trim().startsWith('#'))
  if (path !== 'package-lock.json') return false
  try {
    const lock = JSON.parse(read(path) ?? '') as { packages?: Record<string, unknown> }
    return lock.packages !== undefined && Object.keys(lock.packages).every((name) => name === '')
  } catch {
    return false
  }
}

// Reads from a repository's files how it is set up and checked. Pure: paths and contents in, commands out.

import { createHash } from 'node:crypto'
import { ENVIRONMENT_PATH, parseEnvironment } from './environment.ts'
import { type Ecosystem, registryHosts } from './registries.ts'

/** Path → content, for at least the files that `wantedFiles` picks out of the tree. */
export type Files = ReadonlyMap<string, string>

export interface SetupPlan {
  commands: string[]
  /** Equal for equal commands and lock files: the result of one can serve the other. Null when there is nothing to run. */
  cacheKey: string | null
  /** Hosts to allow while the commands run. */
  hosts: string[]
  /** Where the commands come from, for people. */
  origin: string
}

interface Kind {
  file: string
  ecosystem: Ecosystem
  command: (files: Files) => string | null
  inputs: string[]
}

const NPM_QUIET = '--no-audit --no-fund --loglevel=error'
const VENV = 'python3 -m venv .venv && . .venv/bin/activate'

/** In order of preference within an ecosystem: the first whose file is there decides. */
const KINDS: Kind[] = [
  { file: 'pnpm-lock.yaml', ecosystem: 'npm', command: () => 'npx --yes pnpm@10 install --frozen-lockfile', inputs: ['package.json'] },
  {
    file: 'yarn.lock',
    ecosystem: 'npm',
    command: (files) =>
      files.has('.yarnrc.yml')
        ? 'npx --yes @yarnpkg/cli-dist@4 install --immutable'
        : 'npx --yes yarn@1 install --frozen-lockfile --non-interactive',
    inputs: ['package.json', '.yarnrc.yml'],
  },
  { file: 'package-lock.json', ecosystem: 'npm', command: () => `npm ci ${NPM_QUIET}`, inputs: ['package.json'] },
  { file: 'npm-shrinkwrap.json', ecosystem: 'npm', command: () => `npm ci ${NPM_QUIET}`, inputs: ['package.json'] },
  {
    file: 'package.json',
    ecosystem: 'npm',
    command: (files) => (hasNpmDependencies(files) ? `npm install --no-package-lock ${NPM_QUIET}` : null),
    inputs: [],
  },
  { file: 'uv.lock', ecosystem: 'python', command: () => `${VENV} && pip install -q uv && uv sync --frozen`, inputs: ['pyproject.toml'] },
  {
    file: 'poetry.lock',
    ecosystem: 'python',
    command: () => `${VENV} && pip install -q poetry && poetry install --no-interaction`,
    inputs: ['pyproject.toml'],
  },
  {
    file: 'requirements.txt',
    ecosystem: 'python',
    command: (files) =>
      `${VENV} && pip install -q -r requirements.txt${files.has('requirements-dev.txt') ? ' -r requirements-dev.txt' : ''}`,
    inputs: ['requirements-dev.txt'],
  },
  {
    file: 'pyproject.toml',
    ecosystem: 'python',
    command: (files) => (needsInstall(files.get('pyproject.toml') ?? '') ? `${VENV} && pip install -q -e .` : null),
    inputs: [],
  },
  { file: 'go.sum', ecosystem: 'go', command: () => 'go mod download', inputs: ['go.mod'] },
  { file: 'Cargo.lock', ecosystem: 'rust', command: () => 'cargo fetch --locked', inputs: ['Cargo.toml'] },
  {
    file: 'Gemfile.lock',
    ecosystem: 'ruby',
    command: () => 'bundle config set --local path vendor/bundle && bundle install',
    inputs: ['Gemfile'],
  },
  { file: 'composer.lock', ecosystem: 'php', command: () => 'composer install --no-interaction --no-progress', inputs: ['composer.json'] },
]

const CHECK_FILES = ['Makefile', 'go.mod', 'Cargo.toml', 'pytest.ini', 'tox.ini', 'setup.cfg']

/** The paths of a tree whose contents detection looks at. */
export function wantedFiles(paths: string[]): string[] {
  const wanted = new Set([ENVIRONMENT_PATH, ...CHECK_FILES, ...KINDS.flatMap((kind) => [kind.file, ...kind.inputs])])
  return paths.filter((path) => wanted.has(path))
}

/** What prepares this repository. A broken environment file is a problem to show, never silently skipped. */
export function detectSetup(files: Files): { ok: true; plan: SetupPlan } | { ok: false; problems: string[] } {
  const environment = readEnvironment(files)
  if (environment && !environment.ok) return environment
  const chosen = chooseKinds(files)
  const given = environment?.environment.setup ?? null
  const commands = given ?? chosen.map((kind) => kind.command(files) as string)
  const hosts = [...registryHosts(given ? [] : chosen.map((kind) => kind.ecosystem)), ...(environment?.environment.allowHosts ?? [])]
  const plan: SetupPlan = {
    commands,
    cacheKey: commands.length > 0 ? cacheKey(commands, files, chosen) : null,
    hosts: commands.length > 0 ? hosts : [],
    origin: given ? ENVIRONMENT_PATH : chosen.map((kind) => kind.file).join(', '),
  }
  return { ok: true, plan }
}

/** The commands that must pass, best guess; `paths` are all paths of the tree. Empty when nothing says how to check. */
export function detectChecks(
  files: Files,
  paths: string[],
): { ok: true; checks: string[]; origin: string } | { ok: false; problems: string[] } {
  const environment = readEnvironment(files)
  if (environment && !environment.ok) return environment
  const given = environment?.environment.checks
  if (given) return { ok: true, checks: given, origin: ENVIRONMENT_PATH }
  const found = [npmCheck(files), pythonCheck(files, paths), goCheck(files), rustCheck(files)].filter((check) => check !== null)
  if (found.length === 0 && /^test\s*:(?!=)/m.test(files.get('Makefile') ?? '')) found.push({ command: 'make test', origin: 'Makefile' })
  return { ok: true, checks: found.map((check) => check.command), origin: found.map((check) => check.origin).join(', ') }
}

type Check = { command: string; origin: string } | null

function npmCheck(files: Files): Check {
  const script = readJson(files.get('package.json'))['scripts']
  const test = isRecord(script) ? script['test'] : null
  // What `npm init` writes is no test.
  if (typeof test !== 'string' || test.includes('no test specified')) return null
  return {
    command: files.has('pnpm-lock.yaml') ? 'npx --yes pnpm@10 test' : files.has('yarn.lock') ? 'npx --yes yarn test' : 'npm test',
    origin: 'package.json',
  }
}

function pythonCheck(files: Files, paths: string[]): Check {
  const isTest = (path: string): boolean => /(^|\/)(test_[^/]+|[^/]+_test)\.py$/.test(path)
  const tests = paths.filter(isTest)
  const activate =
    files.has('requirements.txt') || files.has('pyproject.toml') || files.has('uv.lock')
      ? 'if [ -f .venv/bin/activate ]; then . .venv/bin/activate; fi; '
      : ''
  const asksForPytest =
    files.has('pytest.ini') ||
    /\[tool\.pytest|\bpytest\b/.test(
      `${files.get('pyproject.toml')} ${files.get('requirements.txt')} ${files.get('requirements-dev.txt')} ${files.get('tox.ini')} ${files.get('setup.cfg')}`,
    )
  if (tests.length === 0 && !files.has('pytest.ini')) return null
  if (asksForPytest) return { command: `${activate}python3 -m pytest -q`, origin: 'pytest' }
  // Discovery enters packages only, so a folder of tests without __init__.py is named.
  const folder = tests.map((path) => path.split('/').slice(0, -1).join('/')).sort()[0] ?? ''
  return {
    command: `${activate}python3 -m unittest discover${folder ? ` -s ${quote(folder)} -t .` : ''}`.replace(
      ` -t .`,
      paths.includes(`${folder}/__init__.py`) ? ' -t .' : '',
    ),
    origin: 'unittest',
  }
}

function goCheck(files: Files): Check {
  return files.has('go.mod') ? { command: 'go test ./...', origin: 'go.mod' } : null
}

function rustCheck(files: Files): Check {
  return files.has('Cargo.toml') ? { command: 'cargo test', origin: 'Cargo.toml' } : null
}

function chooseKinds(files: Files): Kind[] {
  const chosen = new Map<Ecosystem, Kind>()
  for (const kind of KINDS) if (files.has(kind.file) && !chosen.has(kind.ecosystem)) chosen.set(kind.ecosystem, kind)
  return [...chosen.values()].filter((kind) => kind.command(files) !== null)
}

function cacheKey(commands: string[], files: Files, chosen: Kind[]): string {
  const hash = createHash('sha256').update(JSON.stringify(commands))
  const known = new Set((chosen.length > 0 ? chosen : KINDS).flatMap((kind) => [kind.file, ...kind.inputs]))
  for (const path of [...files.keys()].filter((each) => known.has(each)).sort()) hash.update(JSON.stringify([path, files.get(path)]))
  return hash.digest('hex')
}

function readEnvironment(files: Files): ReturnType<typeof parseEnvironment> | null {
  const text = files.get(ENVIRONMENT_PATH)
  return text === undefined ? null : parseEnvironment(text)
}

function hasNpmDependencies(files: Files): boolean {
  const manifest = readJson(files.get('package.json'))
  return ['dependencies', 'devDependencies', 'optionalDependencies'].some(
    (key) => isRecord(manifest[key]) && Object.keys(manifest[key]).length > 0,
  )
}

/** A pyproject.toml that only configures tools needs no installation. */
function needsInstall(text: string): boolean {
  return /^\[(project|build-system|tool\.poetry)\]/m.test(text)
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

function readJson(text: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? '{}')
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// The commands that show whether a commit is good, where the repository does not name them.

import type { EnvironmentFile } from './environment-file.ts'
import type { ReadText } from './detect-setup.ts'

const noTest = /no test specified/

/** The repository's own checks when it names some, else what its files show; empty when nothing is known. */
export function detectChecks(file: EnvironmentFile, paths: readonly string[], read: ReadText): string[] {
  if (file.checks) return file.checks
  const present = new Set(paths)
  const checks = [...node(present, read), ...python(paths, present, read)]
  if (present.has('go.mod')) checks.push('go test ./...')
  if (present.has('Cargo.toml')) checks.push('cargo test')
  if (checks.length > 0) return checks
  return make(present, read)
}

function node(present: Set<string>, read: ReadText): string[] {
  if (!present.has('package.json')) return []
  try {
    const { scripts = {} } = JSON.parse(read('package.json') ?? '{}') as { scripts?: Record<string, string> }
    const runner = present.has('pnpm-lock.yaml') ? 'corepack pnpm' : present.has('yarn.lock') ? 'corepack yarn' : 'npm'
    const wanted = ['typecheck', 'lint', 'test'].filter((name) => typeof scripts[name] === 'string' && !noTest.test(scripts[name]))
    return wanted.map((name) => (name === 'test' ? `${runner} test` : `${runner} run ${name}`))
  } catch {
    return []
  }
}

function python(paths: readonly string[], present: Set<string>, read: ReadText): string[] {
  const tests = paths.filter((path) => /(^|\/)(test_[^/]*|[^/]*_test)\.py$/.test(path))
  if (tests.length === 0) return []
  const interpreter = present.has('requirements.txt') ? '.venv/bin/python' : 'python3'
  const python = present.has('requirements.txt') && (read('requirements.txt') ?? '').trim() === '' ? 'python3' : interpreter
  const usesPytest = ['pyproject.toml', 'pytest.ini', 'tox.ini', 'setup.cfg', 'requirements.txt', 'requirements-dev.txt', 'conftest.py', 'tests/conftest.py'].some(
    (path) => present.has(path) && (path.endsWith('conftest.py') || (read(path) ?? '').includes('pytest')),
  )
  if (usesPytest) return [`${python} -m pytest`]
  const folder = tests.every((path) => path.startsWith('tests/')) ? ' -s tests -t .' : ''
  return [`${python} -m unittest discover${folder} -p '*test*.py'`]
}

function make(present: Set<string>, read: ReadText): string[] {
  const file = ['Makefile', 'makefile', 'GNUmakefile'].find((path) => present.has(path))
  const content = file === undefined ? '' : (read(file) ?? '')
  const target = ['test', 'check'].find((name) => new RegExp(`^${name}\\s*:(?!=)`, 'm').test(content))
  return target === undefined ? [] : [`make ${target}`]
}

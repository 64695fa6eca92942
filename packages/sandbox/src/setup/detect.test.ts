import { describe, expect, test, vi } from 'vitest'
import { detectChecks, detectSetup, type Files, wantedFiles } from './detect.ts'
import { ENVIRONMENT_PATH, parseEnvironment } from './environment.ts'

const files = (entries: Record<string, string>): Files => new Map(Object.entries(entries))
const commands = (entries: Record<string, string>): string[] => {
  const found = detectSetup(files(entries))
  return found.ok ? found.plan.commands : found.problems
}
const checks = (entries: Record<string, string>, paths: string[] = []): string[] => {
  const found = detectChecks(files(entries), [...Object.keys(entries), ...paths])
  return found.ok ? found.checks : found.problems
}

describe('set-up', () => {
  test('follows the lock file of each ecosystem', () => {
    expect(commands({ 'package.json': '{}', 'package-lock.json': '{}' })).toEqual(['npm ci --no-audit --no-fund --loglevel=error'])
    expect(commands({ 'package.json': '{}', 'pnpm-lock.yaml': '' })).toEqual(['npx --yes pnpm@10 install --frozen-lockfile'])
    expect(commands({ 'requirements.txt': 'x' })).toEqual([
      'python3 -m venv .venv && . .venv/bin/activate && pip install -q -r requirements.txt',
    ])
    expect(commands({ 'go.mod': '', 'go.sum': 'x', 'package.json': '{}', 'package-lock.json': '' })).toEqual([
      'npm ci --no-audit --no-fund --loglevel=error',
      'go mod download',
    ])
  })

  test('runs nothing where nothing has to be installed', () => {
    expect(
      detectSetup(files({ 'package.json': '{"scripts":{"test":"node --test"}}', 'go.mod': '', 'pyproject.toml': '[tool.ruff]' })),
    ).toMatchObject({ ok: true, plan: { commands: [], cacheKey: null, hosts: [] } })
  })

  test('the environment file decides, and its hosts are added', () => {
    const found = detectSetup(
      files({ [ENVIRONMENT_PATH]: 'setup: [make deps]\nallow_hosts: [mirror.example.org]\n', 'package-lock.json': '{}' }),
    )
    expect(found).toMatchObject({ ok: true, plan: { commands: ['make deps'], origin: ENVIRONMENT_PATH } })
    expect(found.ok && found.plan.hosts).toEqual(expect.arrayContaining(['*.npmjs.org', 'mirror.example.org']))
  })

  test('the cache key changes with commands and lock files, and with nothing else', () => {
    const key = (entries: Record<string, string>): string | null => {
      const found = detectSetup(files(entries))
      return found.ok ? found.plan.cacheKey : null
    }
    const one = key({ 'package.json': '{}', 'package-lock.json': '1' })
    expect(key({ 'package.json': '{}', 'package-lock.json': '1', Makefile: 'x' })).toBe(one)
    expect(key({ 'package.json': '{}', 'package-lock.json': '2' })).not.toBe(one)
    expect(key({ [ENVIRONMENT_PATH]: 'setup: npm ci', 'package.json': '{}', 'package-lock.json': '1' })).not.toBe(one)
  })

  test('looks at few files', () => {
    expect(wantedFiles(['src/package.json', 'package.json', 'a.ts', ENVIRONMENT_PATH])).toEqual(['package.json', ENVIRONMENT_PATH])
  })
})

describe('checks', () => {
  test('come from the environment file, else from what each ecosystem says', () => {
    expect(checks({ [ENVIRONMENT_PATH]: 'checks: ["make lint", "make test"]', 'go.mod': '' })).toEqual(['make lint', 'make test'])
    expect(checks({ 'package.json': '{"scripts":{"test":"vitest"}}' })).toEqual(['npm test'])
    expect(checks({ 'package.json': '{"scripts":{"test":"echo \\"Error: no test specified\\" && exit 1"}}' })).toEqual([])
    expect(checks({ 'go.mod': '' })).toEqual(['go test ./...'])
    expect(checks({ Makefile: 'build:\n\ntest: build\n\t./t\n' })).toEqual(['make test'])
    expect(checks({ 'requirements.txt': 'pytest==8' }, ['tests/test_a.py'])).toEqual([
      'if [ -f .venv/bin/activate ]; then . .venv/bin/activate; fi; python3 -m pytest -q',
    ])
    expect(checks({}, ['tests/test_a.py'])).toEqual([`python3 -m unittest discover -s 'tests'`])
    expect(checks({}, ['tests/test_a.py', 'tests/__init__.py'])).toEqual([`python3 -m unittest discover -s 'tests' -t .`])
    expect(checks({}, ['test_a.py'])).toEqual(['python3 -m unittest discover'])
  })
})

describe('the environment file', () => {
  test('cuts names and lists that a repository made up, and prints nothing itself', () => {
    const names = Array.from({ length: 50 }, (_, index) => `${'x'.repeat(5_000)}${index}: 1`)
    const parsed = parseEnvironment(names.join('\n').slice(0, 60_000))
    expect(parsed.ok ? [] : parsed.problems).toHaveLength(10)
    expect(parsed.ok ? [] : parsed.problems.filter((problem) => problem.length > 200)).toEqual([])
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
    parseEnvironment('setup: !!js/function x\n? {a: b}\n: c')
    expect(warned).not.toHaveBeenCalled()
    warned.mockRestore()
  })

  test('is read whole', () => {
    expect(
      parseEnvironment(
        'setup: npm ci\nchecks:\n  - npm test\nmcp:\n  files: { command: [node, server.js], env: { A: "1" } }\npreview: { command: npm start, port: 80 }\n',
      ),
    ).toEqual({
      ok: true,
      environment: {
        setup: ['npm ci'],
        checks: ['npm test'],
        allowHosts: [],
        mcp: [{ name: 'files', command: ['node', 'server.js'], environment: { A: '1' } }],
        preview: { command: 'npm start', port: 80 },
      },
    })
    expect(parseEnvironment('')).toMatchObject({ ok: true })
  })

  test('names each mistake', () => {
    const problems = (text: string): string[] => {
      const parsed = parseEnvironment(text)
      return parsed.ok ? [] : parsed.problems
    }
    expect(problems('setup: [1]\nchecs: x\nallow_hosts: ["https://x"]\nmcp: { Bad: {} }').join('\n')).toMatch(
      /"checs"[\s\S]*setup must be[\s\S]*https:\/\/x[\s\S]*"Bad"/,
    )
    expect(problems('setup: [a')[0]).toMatch(/environment\.yaml, line 1/)
    expect(problems('- a')[0]).toContain('must be a mapping')
    expect(problems(`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a]`).length).toBeGreaterThan(0)
    expect(problems(`a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b]`)[0]).toContain('repeats itself')
    for (const deep of ['[', '- ', '{', '? ']) expect(problems(`setup: ${deep.repeat(20_000)}`).length).toBeLessThan(20)
  })

  test('an error in it is not passed over', () => {
    expect(detectSetup(files({ [ENVIRONMENT_PATH]: 'setup: {', 'package-lock.json': '' }))).toMatchObject({ ok: false })
  })
})

// Settings and the files of a repository, with anything in them: read, or refused with the name of what is wrong.

import { readSettings } from '@slipway/server/settings'
import { variables } from '@slipway/server/settings/variables'
import { detectChecks, detectSetup, wantedFiles } from '@slipway/sandbox/setup/detect'
import { ENVIRONMENT_PATH, parseEnvironment } from '@slipway/sandbox/setup/environment'
import { parseScript } from '@slipway/agent/model/scripted/script'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { deadlineMs } from '../effort.ts'
import { fuzz } from './fuzz.ts'
import { hostileJson, hostileText } from './hostile-values.ts'

const testMs = deadlineMs({ short: 30_000, long: 20 * 60_000 })
const parseMs = 15_000

const plausible = fc.constantFrom(
  '0',
  '1',
  '3000',
  '65536',
  'all',
  'https://host.example.org',
  'http://u:p@h',
  'postgres://u:p@h/db',
  'unix:///run/x.sock',
  'a.example.org,*.b.org:8443',
  'ollama/qwen3',
  '0.50',
  'bubblewrap',
  'debug',
  '~/x',
  './x',
)
const value = fc.oneof({ weight: 2, arbitrary: plausible }, { weight: 1, arbitrary: hostileText })
const environment = fc.dictionary(
  fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...Object.keys(variables), 'HOME') },
    { weight: 1, arbitrary: fc.string().map((name) => `SLIPWAY_${name}`) },
  ),
  value,
  { maxKeys: 4 },
)

test('settings of any value are read, or refused by their name with what to type', { timeout: testMs }, async () => {
  await fuzz({ name: 'settings', short: 800, long: 100_000, shortMs: 1_500 }, environment, (given) => {
    const read = readSettings(given)
    if (read.ok) return
    for (const problem of read.problems) {
      expect(Object.keys(given).some((name) => problem.startsWith(`${name} must`))).toBe(true)
      expect(problem.length).toBeLessThan(500)
      expect(problem).not.toMatch(/Invalid input|u:p@|received|\[object/)
    }
  })
})

const commands = fc.oneof(fc.array(fc.oneof(fc.constantFrom('npm ci', 'make', ''), hostileJson), { maxLength: 4 }), hostileJson)
const environmentFile = fc.record(
  {
    setup: commands,
    checks: commands,
    allow_hosts: commands,
    mcp: fc.oneof(
      fc.dictionary(hostileText, fc.oneof(fc.record({ command: commands, env: hostileJson }), hostileJson), { maxKeys: 3 }),
      hostileJson,
    ),
  },
  { requiredKeys: [] },
)

/** Files as people write them wrong: other types, indentation that is off, anchors upon anchors, bytes. */
const yamlText = fc.oneof(
  { weight: 4, arbitrary: environmentFile.map((file) => yamlOf(file)) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        environmentFile.map((file) => yamlOf(file)),
        fc.nat(),
        hostileText,
      )
      .map(([text, at, junk]) => text.slice(0, at % (text.length + 1)) + junk + text.slice(at % (text.length + 1))),
  },
  { weight: 1, arbitrary: hostileText },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'a: &a [*a]',
      'setup: &a [x, *a]',
      bombOf(12),
      'setup: !!binary AAAA',
      'setup: !!js/function x',
      '? {a: b}\n: c',
      '<<: *x',
      `${'- '.repeat(20_000)}x`,
      `${'{a: '.repeat(5_000)}`,
      'setup: 2026-01-01',
      '%YAML 9.9\n---\nsetup: x',
      '---\nsetup: a\n---\nsetup: b',
      'setup: |\n\ttab',
    ),
  },
)

/** A mapping in block style whose values are JSON, which is YAML too. */
function yamlOf(value: object): string {
  return Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${JSON.stringify(inner)}\n`)
    .join('')
}

function bombOf(levels: number): string {
  const lines = Array.from(
    { length: levels },
    (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 9 }, () => `*l${level}`).join(', ')}]`,
  )
  return ['l0: &l0 x', ...lines].join('\n')
}

test('an environment file of any content is read, or refused with its name', { timeout: testMs }, async () => {
  await fuzz({ name: 'environment file', short: 400, long: 50_000, shortMs: 2_000 }, yamlText, (text) => {
    const startedAt = performance.now()
    const parsed = parseEnvironment(text)
    expect(performance.now() - startedAt).toBeLessThan(parseMs)
    if (parsed.ok) return expect(Object.keys(parsed.environment)).toEqual(['setup', 'checks', 'allowHosts', 'mcp', 'preview'])
    for (const problem of parsed.problems) {
      expect(problem).toContain(ENVIRONMENT_PATH)
      expect(problem.length).toBeLessThan(1_000)
    }
    expect(parsed.problems.length).toBeLessThanOrEqual(10)
  })
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('manifests of any content are looked through without an exception', { timeout: testMs }, async () => {
  const names = fc.constantFrom(
    'package.json',
    'package-lock.json',
    'Makefile',
    'pyproject.toml',
    'requirements.txt',
    'go.mod',
    'Cargo.toml',
    'composer.json',
    'Gemfile',
    'pom.xml',
    ENVIRONMENT_PATH,
    'src/package.json',
  )
  const content = fc.oneof(
    hostileJson.map((json) => JSON.stringify(json)),
    fc.record({ scripts: hostileJson, packageManager: hostileJson, engines: hostileJson }).map((json) => JSON.stringify(json)),
    yamlText,
  )
  await fuzz({ name: 'manifests', short: 400, long: 50_000, shortMs: 1_500 }, fc.dictionary(names, content, { maxKeys: 4 }), (given) => {
    const paths = Object.keys(given)
    const files = new Map(wantedFiles(paths).map((path) => [path, given[path] ?? '']))
    for (const found of [detectSetup(files), detectChecks(files, paths)])
      if (!found.ok) expect(JSON.stringify(found).length).toBeGreaterThan(30)
  })
})

test('a script of any content is read, or refused with its path', { timeout: testMs }, async () => {
  const script = fc.record(
    {
      name: fc.jsonValue(),
      steps: fc.oneof(
        fc.array(fc.record({ text: fc.jsonValue(), tool_calls: fc.jsonValue() }, { requiredKeys: [] }), { maxLength: 3 }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )
  await fuzz(
    { name: 'script', short: 500, long: 30_000, shortMs: 3_000 },
    fc.oneof(
      script.map((each) => yamlOf(each)),
      fc.string({ unit: 'binary', maxLength: 200 }),
    ),
    (text) => {
      const parsed = parseScript(text, '/scripts/x.yaml')
      if (!parsed.ok) expect(parsed.message).toContain('/scripts/x.yaml')
    },
  )
})

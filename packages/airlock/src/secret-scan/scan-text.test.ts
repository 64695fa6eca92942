import { expect, test } from 'vitest'
import { allRules } from './rules/all-rules.ts'
import { scanText } from './scan-text.ts'
import { decoyLines, drawFrom, planted } from './testing/corpus.ts'

const found = (text: string, path = 'src/file.ts') => scanText(path, Buffer.from(text))
const wrap = (secret: string) => `// a comment\nfunction one() {\n  return 1\n}\n${secret}\nconst rest = 2\n`

test('there are rules for at least ninety kinds, each with a name of its own kind', () => {
  expect(new Set(allRules.map(({ id }) => id)).size).toBeGreaterThanOrEqual(90)
  for (const { keywords, pattern } of allRules) {
    expect(keywords.every((keyword) => keyword === keyword.toLowerCase())).toBe(true)
    expect(pattern.flags).toContain('g')
  }
})

test('every planted kind is found, on its line, with twenty different values', () => {
  const missed: string[] = []
  for (const [kind, make] of planted) {
    for (let seed = 1; seed <= 20; seed++) {
      const secrets = found(wrap(make(drawFrom(seed))))
      if (!secrets.some(({ line }) => line >= 5 && line <= 7)) missed.push(`${kind} (${seed})`)
    }
  }
  // Values are drawn: a few look like typed sequences and are let pass on purpose.
  expect(missed.length, missed.join(', ')).toBeLessThanOrEqual(planted.length * 20 * 0.005)
})

test('planted kinds are found through one layer of disguise', () => {
  const disguises: [string, (text: string) => string][] = [
    ['base64', (text) => `data: ${Buffer.from(text).toString('base64')}`],
    ['base64 twice', (text) => Buffer.from(Buffer.from(text).toString('base64')).toString('base64')],
    ['hexadecimal', (text) => `blob = "${Buffer.from(text).toString('hex')}"`],
    ['percent', (text) => [...text].map((character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')],
    ['escapes', (text) => `"${[...text].map((character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`).join('')}"`],
  ]
  const tokens = planted.filter(([, make]) => !/[\n\\]/.test(make(drawFrom(1))))
  for (const [name, disguise] of disguises) {
    const missed = tokens.filter(([, make]) => found(wrap(disguise(make(drawFrom(3))))).length === 0).map(([kind]) => kind)
    expect([name, missed]).toEqual([name, []])
  }
})

test('a token in pieces is found', () => {
  const token = ['gh', 'p_', drawFrom(5)('alnum', 36)].join('')
  const [a, b, c] = [token.slice(0, 3), token.slice(3, 20), token.slice(20)]
  for (const text of [
    `x = "${a}" + "${b}" + "${c}"`,
    `x = ['${a}', '${b}', '${c}'].join('')`,
    `x = "${a}" "${b}"\n    "${c}"`,
    `$x = '${a}' . '${b}' . '${c}';`,
    `x = "${a}" +\n  "${b}" +\n  "${c}"`,
  ]) {
    expect([text.replaceAll(token, ''), found(text).map(({ rule }) => rule)]).toEqual([text.replaceAll(token, ''), ['github-token']])
  }
})

test('a token in UTF-16, between invisible characters, or after an escaped line end is found', () => {
  const token = ['gh', 'p_', drawFrom(6)('alnum', 36)].join('')
  expect(scanText('a.txt', Buffer.from(`x\n${token}\n`, 'utf16le')).map(({ rule, line }) => ({ rule, line }))).toEqual([
    { rule: 'github-token', line: 2 },
  ])
  expect(found(`${token.slice(0, 9)}\u200b${token.slice(9)}`).map(({ rule }) => rule)).toEqual(['github-token'])
  expect(found(`"first\\n${token}"`).map(({ rule }) => rule)).toEqual(['github-token'])
})

test('texts that only look like secrets stay silent', () => {
  for (let seed = 1; seed <= 10; seed++) {
    for (const line of decoyLines(drawFrom(seed))) expect([line, found(wrap(line)).map(({ rule }) => rule)]).toEqual([line, []])
  }
})

test('lock files and binary files are searched for values that give themselves away', () => {
  const draw = drawFrom(7)
  const token = ['gh', 'p_', draw('alnum', 36)].join('')
  expect(found(`"password": "${draw('password', 20)}"`, 'package-lock.json')).toEqual([])
  expect(found(`"x": "${token}"`, 'package-lock.json')).toHaveLength(1)
  expect(scanText('a.bin', Buffer.concat([Buffer.alloc(100), Buffer.from(token), Buffer.alloc(5)]))).toHaveLength(1)
})

test('a value is reported once per text, by its most telling rule', () => {
  const token = ['gh', 'p_', drawFrom(8)('alnum', 36)].join('')
  expect(found(`const token = "${token}"\nconst again = "${token}"`).map(({ rule, line }) => ({ rule, line }))).toEqual([
    { rule: 'github-token', line: 1 },
  ])
})

/** `bench/secret-scan.ts` measures how fast it is; here a tenth of that leaves room for any machine, and none for what grows faster than its text. */
const slowest = { code: 0.5, worst: 0.2 }

test('nothing in a text makes the search take much longer than its length', () => {
  const draw = drawFrom(9)
  const code = Array.from(
    { length: 1200 },
    (_, index) =>
      `export function handler${index}(request: Request, token: string) {\n  const key = request.headers.get("x-key-${draw('lower', 6)}")\n  return fetch(\`/api/\${key}\`, { credentials: 'include', password: input.password })\n}\n`,
  ).join('')
  const texts: [string, string][] = [
    ['code', code.repeat(Math.ceil(4e6 / code.length))],
    ['one line', `var a="${draw('base64', 20_000)}".split(""),`.repeat(100)],
    ['spaces', ' '.repeat(2e6)],
    ['quotes', `"'`.repeat(1e6)],
    ['open pieces', `"a" + `.repeat(330_000)],
    ['words', 'password'.repeat(250_000)],
    ['names', `password${'_a'.repeat(12)} `.repeat(60_000)],
    ['colons', 'https://a:'.repeat(200_000)],
    ['dots', 'eyJ'.repeat(700_000)],
    ['percents', '%41'.repeat(700_000)],
    ['escapes', '\\x41'.repeat(500_000)],
    ['equals', 'server=a;'.repeat(220_000)],
    ['hexadecimal', draw('hex', 50_000).repeat(100)],
    ['begin', '-----BEGIN PRIVATE KEY-----'.repeat(75_000)],
  ]
  const slow: string[] = []
  for (const [name, text] of texts) {
    const startedAt = process.cpuUsage()
    found(text)
    const { user, system } = process.cpuUsage(startedAt)
    const megabytesPerSecond = text.length / (user + system)
    if (megabytesPerSecond < (name === 'code' ? slowest.code : slowest.worst)) slow.push(`${name}: ${megabytesPerSecond.toFixed(1)} MB/s`)
  }
  expect(slow).toEqual([])
})

// Texts made to keep the scan busy, in real commits: it ends at its limit whatever they hold, and what it has not seen is not clean.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { scanCommits, type ScanResult } from './scan-commits.ts'
import type { CorpusItem } from './testing/corpus-items.ts'
import { corpusRepository } from './testing/corpus-repository.ts'
import { drawFrom } from './testing/corpus.ts'

const folders: string[] = []
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const draw = drawFrom(11)
const token = ['gh', 'p_', draw('alnum', 36)].join('')
const megabytes = (unit: string, count: number) => unit.repeat(Math.ceil((count * 1e6) / unit.length))
const nested = (text: string, depth: number): string => (depth === 0 ? text : nested(Buffer.from(text).toString('base64'), depth - 1))

async function scanned(content: string, timeoutMs: number): Promise<ScanResult & { cpuMs: number; waitedMs: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'slipway-limits-'))
  folders.push(folder)
  const item: CorpusItem = { id: 'x', part: 'decoy', kind: 'x', how: 'x', place: 'tree', path: 'a.txt', content }
  const { gitDir, baseOid, oid } = corpusRepository(folder, [item])
  const before = process.cpuUsage()
  const startedAt = performance.now()
  const result = await scanCommits(
    { baseOid, oid, texts: [], signal: new AbortController().signal },
    { home: folder, gitDir, maxFileBytes: 20e6, timeoutMs },
  )
  const { user, system } = process.cpuUsage(before)
  return { ...result, cpuMs: (user + system) / 1_000, waitedMs: performance.now() - startedAt }
}

const hostile: [string, () => string][] = [
  ['five megabytes without a line end', () => megabytes(`${draw('alnum', 5_000)} `, 5).replaceAll('\n', '')],
  ['five megabytes of one word', () => megabytes(draw('base64', 10_000), 5)],
  ['base64 within base64', () => nested(megabytes('a line of text\n', 0.02), 8)],
  ['base64 within base64, a thousand times', () => `${nested('nothing to see here, nothing at all', 6)}\n`.repeat(1_000)],
  ['names without values', () => megabytes('password_token_secret_key', 1)],
  ['openings of strings', () => megabytes(`"a" + 'b' + \``, 1)],
  ['an address that never ends', () => megabytes('https://a:', 1)],
  ['arguments', () => megabytes('--token-secret-key ', 1)],
  ['queries', () => megabytes('&token=', 1)],
  ['quotes in quotes', () => megabytes('\\"key\\": ', 1)],
  ['lines of almost-directives', () => megabytes('  password   \n', 1)],
  ['calls', () => megabytes(`client("aaaaaaaaaaaaaaaaaaaaaaaa`, 1)],
  ['gzip that unpacks to much', () => `${gzipSync(Buffer.alloc(50e6)).toString('base64')}\n`.repeat(20)],
]

test.each(hostile)('%s takes a few seconds at most', async (_, make) => {
  const result = await scanned(make(), 60_000)
  expect(result.result).not.toBe('timed-out')
  expect(result.cpuMs).toBeLessThan(8_000)
})

test.each([
  ['a long text', `${megabytes('const a = [1, 2, 3] // a line of code\n', 15)}${token}`],
  ['a long line', `${megabytes('key = value; ', 15)}${token}`],
])('%s that takes longer than the limit is ended at it, and is not clean', async (_, content) => {
  const result = await scanned(content, 400)
  expect(result.result).toBe('timed-out')
  expect(result.waitedMs).toBeLessThan(30_000)
})

test('a secret behind megabytes of noise is found', async () => {
  const result = await scanned(`${megabytes(`${draw('alnum', 3_000)} `, 5)}\n${token}\n`, 60_000)
  expect(result.findings).toMatchObject([{ rule: 'github-token', path: 'a.txt', line: 2 }])
})

test('commits are searched at megabytes a second, not at kilobytes', async () => {
  const code = Array.from(
    { length: 4_000 },
    (_, index) => `export const handler${index} = (request: Request) => reply({ id: '${draw('lower', 6)}', key: request.headers.key })\n`,
  ).join('')
  const [small, large] = [await scanned(code, 60_000), await scanned(code.repeat(12), 60_000)]
  expect(large.result).toBe('clean')
  // How many is measured by `make bench only=scan`; neighbours of a machine leave their marks in the time of its processor, too.
  // Starting the thread and git costs the same for both.
  const bytes = large.scannedBytes - small.scannedBytes
  expect(bytes / 1_000 / (large.cpuMs - small.cpuMs)).toBeGreaterThan(1)
})

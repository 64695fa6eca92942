// What the scan finds of the corpus, and what a plain rule set would: the same files, messages and names, prefixes only, nothing decoded.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { scanCommits } from '../scan-commits.ts'
import { allRules } from '../rules/all-rules.ts'
import { corpusItems, type CorpusItem } from './corpus-items.ts'
import { corpusRepository } from './corpus-repository.ts'

export interface Share {
  found: number
  of: number
  /** Those that went the wrong way: missed secrets, or decoys that were taken for one. */
  wrong: string[]
}

export interface ScanFigures {
  planted: Share
  heldBack: Share
  decoys: Share
  kinds: number
  scannedBytes: number
}

type Judge = (items: CorpusItem[]) => Promise<{ isFound(item: CorpusItem): boolean; scannedBytes: number }>

/** The result of a scan names at most 200 places. */
const batchSize = 120

/** Through real commits and the airlock's own scan. */
export async function measureScan(seed: number): Promise<ScanFigures> {
  return measured(seed, async (items) => {
    const folder = mkdtempSync(join(tmpdir(), 'slipway-corpus-'))
    try {
      const repository = corpusRepository(folder, items)
      const { baseOid, oid, texts, gitDir } = repository
      const result = await scanCommits(
        { baseOid, oid, texts, signal: new AbortController().signal },
        { home: folder, gitDir, maxFileBytes: 10e6, timeoutMs: 120_000 },
      )
      if (result.result === 'failed' || result.result === 'timed-out') throw new Error(`the scan of the corpus ${result.result}`)
      const places = new Set(result.findings.map(({ path }) => path))
      return { isFound: (item) => places.has(repository.placeOf(item)), scannedBytes: result.scannedBytes }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

/** Prefixes and shapes only, on the bytes as they are. */
export function measurePlainRules(seed: number): Promise<ScanFigures> {
  const rules = allRules.filter(({ kind }) => kind === 'token')
  return measured(seed, async (items) => ({
    isFound: ({ content, path }) =>
      rules.some(({ pattern }) => `${path}\n${Buffer.from(content as string).toString('latin1')}`.search(pattern) !== -1),
    scannedBytes: items.reduce((sum, { content }) => sum + content.length, 0),
  }))
}

async function measured(seed: number, judge: Judge): Promise<ScanFigures> {
  const items = corpusItems(seed)
  const found = new Set<string>()
  let scannedBytes = 0
  for (const batch of batchesOf(items)) {
    const judged = await judge(batch)
    scannedBytes += judged.scannedBytes
    for (const item of batch) if (judged.isFound(item)) found.add(item.id)
  }
  const share = (part: CorpusItem['part'], wrongWhen: 'missed' | 'found'): Share => {
    const all = items.filter((item) => item.part === part)
    const hits = all.filter(({ id }) => found.has(id))
    const wrong = all.filter(({ id }) => found.has(id) === (wrongWhen === 'found'))
    return { found: hits.length, of: all.length, wrong: wrong.map(({ id, how }) => `${id} (${how})`) }
  }
  return {
    planted: share('planted', 'missed'),
    heldBack: share('held back', 'missed'),
    decoys: share('decoy', 'found'),
    kinds: new Set(items.flatMap(({ part, kind }) => (part === 'planted' ? [kind] : []))).size,
    scannedBytes,
  }
}

/** At most one item in each batch lies in a file name, because names are reported without saying which. */
function batchesOf(items: CorpusItem[]): CorpusItem[][] {
  const named = items.filter(({ place }) => place === 'file name')
  const others = items.filter(({ place }) => place !== 'file name')
  const count = Math.max(named.length, Math.ceil(others.length / batchSize))
  return Array.from({ length: count }, (_, index) => [
    ...others.slice(Math.floor((index * others.length) / count), Math.floor(((index + 1) * others.length) / count)),
    ...named.slice(index, index + 1),
  ])
}

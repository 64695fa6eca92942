// Everything that a push would publish: each new blob in each new commit, the commits themselves with their messages, file names, and the given texts.
// What a file held in the base already is not news and is left out.

import type { SecretFinding } from '@slipway/core/events'
import type { Airlock } from '@slipway/core/ports'
import { listChanges, listCommits, listHistoryChanges } from '@slipway/git/list-changes'
import type { TreeChange } from '@slipway/git/list-changes'
import { requireObjectId } from '@slipway/git/object-id'
import { readObjects } from '@slipway/git/read-objects'
import { displayPath } from '../tree-policy/display-path.ts'
import { readFingerprintKey } from './fingerprint-key.ts'
import { startScanThread } from './scan-thread.ts'
import type { ScanThread } from './scan-thread.ts'
import type { ScanItem, ScannedSecret } from './scan-worker.ts'

export interface ScanSettings {
  home: string
  gitDir: string
  /** Larger blobs cannot be scanned and block. */
  maxFileBytes: number
  timeoutMs: number
  thread?: URL
}

export type ScanResult = Awaited<ReturnType<Airlock['scan']>>

type ScanInput = Pick<Parameters<Airlock['scan']>[0], 'baseOid' | 'oid' | 'texts' | 'signal'>

const batchBytes = 4_000_000
const shownFindings = 200

/** Implements `Airlock.scan`: a scan that hangs, crashes or cannot read something never counts as clean. */
export async function scanCommits(input: ScanInput, settings: ScanSettings): Promise<ScanResult> {
  const startedAt = performance.now()
  const run: ScanRun = { findings: [], scannedBytes: 0, isIncomplete: false }
  const finish = (result: ScanResult['result']): ScanResult => ({
    result,
    findings: run.findings.slice(0, shownFindings),
    scannedBytes: run.scannedBytes,
    ms: Math.round(performance.now() - startedAt),
  })
  const thread = startScanThread(await readFingerprintKey(settings.home), settings.thread)
  const deadline = new AbortController()
  const signal = AbortSignal.any([input.signal, deadline.signal])
  const timer = setTimeout(() => deadline.abort(), settings.timeoutMs)
  const aborted = new Promise<'aborted'>((resolve) => {
    if (signal.aborted) resolve('aborted')
    signal.addEventListener('abort', () => resolve('aborted'))
  })
  try {
    const ended = await Promise.race([scanAll({ ...input, signal }, settings, thread, run).then(() => 'done' as const), aborted])
    if (ended === 'aborted') return finish(deadline.signal.aborted ? 'timed-out' : 'failed')
    if (run.findings.length > 0) return finish('findings')
    return finish(run.isIncomplete ? 'failed' : 'clean')
  } catch {
    return finish(deadline.signal.aborted ? 'timed-out' : 'failed')
  } finally {
    clearTimeout(timer)
    await thread.end()
  }
}

interface ScanRun {
  findings: SecretFinding[]
  scannedBytes: number
  isIncomplete: boolean
}

async function scanAll(input: ScanInput, settings: ScanSettings, thread: ScanThread, run: ScanRun): Promise<void> {
  const range = { gitDir: settings.gitDir, from: requireObjectId(input.baseOid), to: requireObjectId(input.oid), signal: input.signal }
  const changes = await listChanges(range)
  const history = await listHistoryChanges(range)
  const known = new Set<string>()
  const remember = (_: string, found: ScannedSecret[]) => found.forEach(({ fingerprint }) => known.add(fingerprint))
  await scanObjects(blobsOf(changes, 'old'), { ...settings, signal: input.signal, thread, take: remember })
  const report = (path: string, found: ScannedSecret[]) => {
    for (const { rule, line, fingerprint } of found) {
      if (
        known.has(fingerprint) ||
        run.findings.some((finding) => finding.fingerprint === fingerprint && finding.path === displayPath(path))
      )
        continue
      run.findings.push({ rule, path: displayPath(path), line, fingerprint })
    }
  }
  const counted = { ...settings, signal: input.signal, thread, take: report, run }
  await scanObjects(blobsOf([...changes, ...history], 'new'), counted)
  await scanObjects(
    (await listCommits(range)).map((oid) => ({ oid, path: `commit ${oid.slice(0, 12)}` })),
    counted,
  )
  const names = [...changes, ...history].filter(({ newMode }) => newMode !== '000000').map(({ path }) => path)
  await scanTexts(
    [{ path: 'file names', text: names.join('\n') }, ...input.texts.map((text, index) => ({ path: `text ${index + 1}`, text }))],
    counted,
  )
}

interface Blob {
  oid: string
  path: string
}

/** Each blob once, under the first name it has; links too, since a target is content. */
function blobsOf(changes: TreeChange[], side: 'old' | 'new'): Blob[] {
  const blobs = new Map<string, Blob>()
  for (const change of changes) {
    const [mode, oid] = side === 'old' ? [change.oldMode, change.oldOid] : [change.newMode, change.newOid]
    if ((mode.startsWith('100') || mode === '120000') && !blobs.has(oid)) blobs.set(oid, { oid, path: change.path })
  }
  return [...blobs.values()]
}

interface Scanning extends Omit<ScanSettings, 'thread'> {
  signal: AbortSignal
  thread: ScanThread
  run?: ScanRun
  take(path: string, found: ScannedSecret[]): void
}

async function scanObjects(blobs: Blob[], scanning: Scanning): Promise<void> {
  const paths = new Map(blobs.map(({ oid, path }) => [oid, path]))
  const batch = batchOf(scanning)
  await readObjects(
    { gitDir: scanning.gitDir, oids: [...paths.keys()], maxBytes: scanning.maxFileBytes, signal: scanning.signal },
    async ({ oid, content, bytes }) => {
      const path = paths.get(oid) ?? ''
      if (content === null) {
        // What cannot be looked at is not clean; in the base it is merely not known.
        if (scanning.run) scanning.run.isIncomplete = true
        return
      }
      if (scanning.run) scanning.run.scannedBytes += bytes
      await batch.add({ path, bytes: content })
    },
  )
  await batch.flush()
}

async function scanTexts(texts: { path: string; text: string }[], scanning: Scanning): Promise<void> {
  const batch = batchOf(scanning)
  for (const { path, text } of texts) {
    const bytes = Buffer.from(text)
    if (scanning.run) scanning.run.scannedBytes += bytes.length
    await batch.add({ path, bytes })
  }
  await batch.flush()
}

function batchOf({ thread, take }: Scanning) {
  let items: ScanItem[] = []
  let bytes = 0
  const flush = async () => {
    if (items.length === 0) return
    const scanned = items
    items = []
    bytes = 0
    const answers = await thread.scan(scanned)
    answers.forEach((found, index) => take(scanned[index]?.path ?? '', found))
  }
  return {
    flush,
    async add(item: ScanItem) {
      items.push({ path: item.path, bytes: new Uint8Array(item.bytes) })
      bytes += item.bytes.length
      if (bytes > batchBytes) await flush()
    },
  }
}

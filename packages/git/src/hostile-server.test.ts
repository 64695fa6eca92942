// A server that answers with packs of its own making.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { prepareMirror } from './prepare-mirror.ts'
import { craftDelta, craftPack, objectId } from './testing/craft-pack.ts'
import type { PackEntry } from './testing/craft-pack.ts'
import { scratchFolder } from './testing/scratch-repository.ts'
import { weigh } from './testing/weigh.ts'

let folder: ReturnType<typeof scratchFolder>
let server: Server
beforeEach(() => {
  folder = scratchFolder()
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
  folder.remove()
})

const line = (text: string): string => `${(text.length + 4).toString(16).padStart(4, '0')}${text}`

const entry = (mode: string, name: string, oid: string): Buffer =>
  Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])

/** Serves a branch `main` whose one commit holds a file beside these objects. See gitprotocol-http(5). */
async function serve(entries: PackEntry[], root?: Buffer): Promise<string> {
  const file = Buffer.from('x')
  const tree = root ?? entry('100644', 'x', objectId('blob', file))
  const who = 'A <a@example.org> 1700000000 +0000'
  const commit = Buffer.from(`tree ${objectId('tree', tree)}\nauthor ${who}\ncommitter ${who}\n\nx\n`)
  const oid = objectId('commit', commit)
  const pack = craftPack([
    { kind: 'commit', content: commit },
    { kind: 'tree', content: tree },
    { kind: 'blob', content: file },
    ...entries,
  ])
  server = createServer((request, response) => {
    const isAsking = request.method === 'GET'
    response.setHeader('content-type', `application/x-git-upload-pack-${isAsking ? 'advertisement' : 'result'}`)
    request.resume().on('end', () => {
      if (!isAsking) return response.end(Buffer.concat([Buffer.from(line('NAK\n')), pack]))
      const refs = [`${oid} HEAD\0symref=HEAD:refs/heads/main object-format=sha1 agent=x\n`, `${oid} refs/heads/main\n`]
      return response.end(`${line('# service=git-upload-pack\n')}0000${refs.map(line).join('')}0000`)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.git`
}

const prepare = (url: string) => prepareMirror({ home: join(folder.path, 'home'), url, base: null, credential: null })

test('an honest pack from the same server is taken', async () => {
  expect(await prepare(await serve([]))).toMatchObject({ ok: true, baseBranch: 'main' })
})

const base = Buffer.alloc(15_000_000)
const baseId = objectId('blob', base)
const delta = (size: number, claims: number): PackEntry[] => [
  { kind: 'blob', content: base },
  { kind: 'ref-delta', base: baseId, content: craftDelta({ baseSize: base.length, size, claims }) },
]

/** Many times the 15 MB that an honest reading of these packs needs, and far below what they claim. */
const mostMemoryBytes = 700e6
const mostDiskBytes = 100e6

test.each([
  ['a file of 2.4 GB out of a delta of 1 KB', () => delta(2.4e9, 2.4e9), 'too large to unpack'],
  ['a delta that claims a terabyte', () => delta(64, 1e12), 'too large to unpack'],
  ['a tree that claims a terabyte', (): PackEntry[] => [{ kind: 'tree', content: Buffer.from('x'), claims: 1e12 }], 'too large to unpack'],
  ['a file that claims a terabyte', (): PackEntry[] => [{ kind: 'blob', content: Buffer.from('x'), claims: 1e12 }], 'failed'],
  [
    'a delta of an object that is not there',
    (): PackEntry[] => [{ kind: 'ref-delta', base: 'b'.repeat(40), content: craftDelta({ baseSize: 4, size: 4 }) }],
    'failed',
  ],
])('%s is refused, and fills neither memory nor disk', async (_, entries, words) => {
  const url = await serve(entries())
  const { result: prepared, weight } = await weigh(folder.path, () => prepare(url))
  expect(weight.programs).toBeGreaterThan(0)
  expect(weight.memoryBytes).toBeLessThan(mostMemoryBytes)
  expect(weight.diskBytes).toBeLessThan(mostDiskBytes)
  expect(prepared).toMatchObject({ ok: false, problem: expect.not.stringMatching('network'), message: expect.stringContaining(words) })
})

/** Trees of `width` entries each, one in the other. */
function nested(levels: number, width: number): [PackEntry[], Buffer] {
  const entries: PackEntry[] = []
  let oid = objectId('blob', Buffer.from('x'))
  let tree = Buffer.alloc(0)
  for (let level = 0; level < levels; level += 1) {
    if (level > 0) {
      entries.push({ kind: 'tree', content: tree })
      oid = objectId('tree', tree)
    }
    tree = Buffer.concat(Array.from({ length: width }, (_, at) => entry(level === 0 ? '100644' : '40000', String(at), oid)))
  }
  return [entries, tree]
}

test.each([
  ['ten billion files out of ten trees', () => nested(10, 10), 'more than 5000000 files'],
  ['folders 30,000 deep', () => nested(30_000, 1), 'nested too deeply'],
])('%s are refused before a sandbox is filled with them', async (_, make, words) => {
  const startedAt = performance.now()
  expect(await prepare(await serve(...make()))).toMatchObject({ ok: false, problem: 'refused', message: expect.stringContaining(words) })
  expect(performance.now() - startedAt).toBeLessThan(20_000)
})

test('folders 2,000 deep and a folder of 100,000 files are taken', async () => {
  const file = objectId('blob', Buffer.from('x'))
  const wide = Buffer.concat(Array.from({ length: 100_000 }, (_, at) => entry('100644', `f${String(at).padStart(6, '0')}`, file)))
  for (const [entries, root] of [nested(2_000, 1), [[], wide] satisfies [PackEntry[], Buffer]])
    expect(await prepare(await serve(entries as PackEntry[], root as Buffer))).toMatchObject({ ok: true })
})

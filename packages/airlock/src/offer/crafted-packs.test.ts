// What a sandbox can hand over in place of a commit, and the words with which it is refused.

import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quarantinePath } from '@slipway/git/host-paths'
import { craftDelta, craftPack, objectId } from '@slipway/git/testing/craft-pack'
import type { PackEntry } from '@slipway/git/testing/craft-pack'
import { weigh } from '@slipway/git/testing/weigh'
import { airlockFixture } from '../testing/airlock-fixture.ts'
import type { AirlockFixture } from '../testing/airlock-fixture.ts'
import { processSandbox } from '../testing/process-sandbox.ts'

let fixture: AirlockFixture
beforeAll(async () => {
  fixture = await airlockFixture({ 'a.txt': 'one\n' }, { limits: { intakeTimeoutMs: 3_000 } })
})
afterAll(() => fixture.remove())

const TB = 1e12
const who = 'A <a@example.org> 1700000000 +0000'
const raw = (mode: string, name: string, oid: string): Buffer => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')])

/** An object in the sandbox's repository, whatever it holds. */
function object(type: string, content: Uint8Array): string {
  return fixture.agentGit(['hash-object', '-w', '-t', type, '--literally', '--stdin'], content)
}

function commitOf(tree: string, more: { parents?: string[]; author?: string; message?: string | Buffer } = {}): string {
  const parents = (more.parents ?? [fixture.baseOid]).map((oid) => `parent ${oid}\n`).join('')
  const head = `tree ${tree}\n${parents}author ${more.author ?? who}\ncommitter ${more.author ?? who}\n\n`
  return object('commit', Buffer.concat([Buffer.from(head), Buffer.from(more.message ?? 'Crafted\n')]))
}

/** The sandbox says that `oid` is its commit, and sends these bytes, or what git packs of it. */
async function offer(oid: string, pack?: Buffer | string): ReturnType<AirlockFixture['offer']> {
  const programs = join(fixture.folder, 'programs')
  mkdirSync(programs, { recursive: true })
  if (Buffer.isBuffer(pack)) writeFileSync(join(fixture.folder, 'crafted.pack'), pack)
  const send = Buffer.isBuffer(pack) ? `cat ${join(fixture.folder, 'crafted.pack')}; exit 0` : (pack ?? 'exec /usr/bin/git "$@"')
  const lies = `*rev-parse*HEAD*) echo ${oid} ;;\n*pack-objects*) ${send} ;;\n*) ;;`
  writeFileSync(join(programs, 'git'), `#!/bin/bash\nall="$*"\ncase "$all" in\n${lies}\nesac\n`, { mode: 0o755 })
  return fixture.offer({ sandbox: processSandbox(fixture.tree, { programs }) })
}

/** A whole commit beside the entry that matters, so that only that one can be the reason. */
function packWith(...entries: PackEntry[]): [oid: string, pack: Buffer] {
  const tree = raw('100644', 'x', objectId('blob', Buffer.from('x')))
  const treeOid = object('tree', tree)
  const oid = commitOf(treeOid)
  const commit = Buffer.from(execFileSync('git', ['cat-file', 'commit', oid], { cwd: fixture.tree }))
  return [
    oid,
    craftPack([
      { kind: 'commit', content: commit },
      { kind: 'tree', content: tree },
      { kind: 'blob', content: Buffer.from('x') },
      ...entries,
    ]),
  ]
}

const base = (): string => fixture.agentGit(['rev-parse', 'HEAD:a.txt'])
/** With one byte turned over; a place below zero counts from the end. */
function damaged(place: number): [oid: string, pack: Buffer] {
  const [oid, pack] = packWith()
  const at = (place + pack.length) % pack.length
  pack.writeUInt8(pack.readUInt8(at) ^ 0xff, at)
  return [oid, pack]
}

const packs: [what: string, send: () => ReturnType<AirlockFixture['offer']>, words: RegExp][] = [
  ['a wrong checksum', () => offer(...damaged(-1)), /not sound: .*SHA1 mismatch/],
  ['damaged contents', () => offer(...damaged(30)), /not sound: /],
  ['four billion objects', () => offer('a'.repeat(40), craftPack([], { count: 0xffffffff })), /too large to unpack|not sound/],
  [
    'a blob that claims a terabyte',
    () => offer(...packWith({ kind: 'blob', content: Buffer.from('x'), claims: TB })),
    /not sound: |too large to unpack/,
  ],
  [
    'a tree that claims a terabyte',
    () => offer(...packWith({ kind: 'tree', content: Buffer.from('x'), claims: TB })),
    /too large to unpack/,
  ],
  [
    'a commit that claims more than the memory allowed',
    () => offer(...packWith({ kind: 'commit', content: Buffer.from('x'), claims: 600e6 })),
    /too large to unpack/,
  ],
  [
    'a delta that claims to make a terabyte',
    () => offer(...packWith({ kind: 'ref-delta', base: base(), content: craftDelta({ baseSize: 4, size: 64, claims: TB }) })),
    /too large to unpack/,
  ],
  [
    'a delta that makes another length than it claims',
    () => offer(...packWith({ kind: 'ref-delta', base: base(), content: craftDelta({ baseSize: 4, size: 64, claims: 65 }) })),
    /not sound: .*delta/,
  ],
  [
    'a delta of an object that is not there',
    () => offer(...packWith({ kind: 'ref-delta', base: 'b'.repeat(40), content: craftDelta({ baseSize: 4, size: 64 }) })),
    /not sound: .*unresolved delta/,
  ],
  [
    'a delta of what comes before the pack',
    () => offer(...packWith({ kind: 'ofs-delta', base: 1e6, content: craftDelta({ baseSize: 4, size: 64 }) })),
    /not sound: .*delta base offset is out of bound/,
  ],
  [
    'a delta of itself',
    () => offer(...packWith({ kind: 'ofs-delta', base: 0, content: craftDelta({ baseSize: 4, size: 64 }) })),
    /not sound: .*delta base offset is out of bound/,
  ],
  [
    'a kind of object that does not exist',
    () => offer(...packWith({ kind: 'reserved', content: Buffer.from('x') })),
    /not sound: .*(?:bad|unknown|invalid) object type/i,
  ],
  [
    'deltas that unpack to two terabytes out of one megabyte',
    () => {
      const big = Buffer.alloc(15_000_000)
      const base = objectId('blob', big)
      const delta = craftDelta({ baseSize: big.length, size: 200_000_000, claims: 200_000_004 })
      const chain = Array.from({ length: 10_000 }, (_, at): PackEntry => {
        // No two results are the same: the last four bytes count.
        const end = Buffer.from([4, at & 0xff, at >> 8, 0, 0])
        return { kind: 'ref-delta', base, content: Buffer.concat([delta, end]) }
      })
      return offer(...packWith({ kind: 'blob', content: big }, ...chain))
    },
    /took too long/,
  ],
  ['folders 2,000 deep', () => offer(...deep(2_000)), /nested deeper/],
  ['folders 30,000 deep', () => offer(...deep(30_000)), /too deeply|nested deeper/],
]

/** More than git is allowed in one piece, and far below what these packs claim. */
const mostMemoryBytes = 700e6
const mostDiskBytes = 100e6

test.each(packs)('a pack with %s is refused, and fills neither memory nor disk', async (_, send, words) => {
  const { result, weight } = await weigh(fixture.home, send)
  expect(weight.programs).toBeGreaterThan(0)
  expect(weight.memoryBytes).toBeLessThan(mostMemoryBytes)
  expect(weight.diskBytes).toBeLessThan(mostDiskBytes)
  expect(result).toMatchObject({ ok: false, message: expect.stringMatching(words) })
  await worksAfterwards()
})

async function worksAfterwards(): Promise<void> {
  expect(readdirSync(quarantinePath(fixture.home, 's1')).filter((name) => name.startsWith('incoming'))).toEqual([])
  fixture.agentGit(['reset', '-q', '--hard', fixture.baseOid])
  fixture.write({ 'honest.txt': 'work\n' })
  expect(await fixture.offer()).toMatchObject({ ok: true, commit: { files: [{ path: 'honest.txt' }] } })
}

const commits: [what: string, make: () => string, words: RegExp][] = [
  ['a tree in the place of the commit', () => fixture.agentGit(['rev-parse', 'HEAD^{tree}']), /does not hold the commit|not sound/],
  [
    'a tag in the place of the commit',
    () => object('tag', Buffer.from(`object ${fixture.baseOid}\ntype commit\ntag x\ntagger ${who}\n\nx\n`)),
    /does not hold the commit/,
  ],
  [
    'an author line that forges another header',
    () => commitOf(fixture.agentGit(['rev-parse', 'HEAD^{tree}']), { author: 'A <a@b>\ngpgsig x 1 +0000' }),
    /not sound: /,
  ],
  [
    'a message of 8 MB',
    () => commitOf(object('tree', raw('100644', 'x', object('blob', Buffer.from('x')))), { message: Buffer.alloc(8_000_000, 'm') }),
    /message/,
  ],
  [
    '10,000 commits',
    () => {
      let stream = `commit refs/heads/many\ncommitter ${who}\ndata 1\nx\nfrom ${fixture.baseOid}\n\n`
      for (let at = 1; at < 10_000; at += 1) stream += `commit refs/heads/many\ncommitter ${who}\ndata 1\nx\n\n`
      fixture.agentGit(['fast-import', '--quiet'], stream)
      return fixture.agentGit(['rev-parse', 'refs/heads/many'])
    },
    /10000 commits on top of its base; 500 are allowed/,
  ],
  [
    '100,000 files in one folder',
    () => {
      const blob = object('blob', Buffer.from('x'))
      return commitOf(
        object('tree', Buffer.concat(Array.from({ length: 100_000 }, (_, at) => raw('100644', `f${String(at).padStart(6, '0')}`, blob)))),
      )
    },
    /More than 5000 files are added/,
  ],
  [
    'ten billion files out of ten trees',
    () => {
      let oid = object('blob', Buffer.from('x'))
      for (let level = 0; level < 10; level += 1)
        oid = object('tree', Buffer.concat(Array.from({ length: 10 }, (_, at) => raw(level === 0 ? '100644' : '40000', String(at), oid))))
      return commitOf(oid)
    },
    /More than 5000 files are added/,
  ],
  [
    'a submodule whose address is an option',
    () =>
      commitOf(
        object(
          'tree',
          raw(
            '100644',
            '.gitmodules',
            object('blob', Buffer.from('[submodule "x"]\n\tpath = x\n\turl = --upload-pack=touch${IFS}/tmp/x\n')),
          ),
        ),
      ),
    /not sound: .*gitmodulesUrl/,
  ],
  [
    'a submodule with a name that leads out',
    () =>
      commitOf(
        object(
          'tree',
          raw('100644', '.gitmodules', object('blob', Buffer.from('[submodule "../../x"]\n\tpath = x\n\turl = https://example.org/x\n'))),
        ),
      ),
    /not sound: .*gitmodulesName/,
  ],
  [
    'a .gitmodules that is a link',
    () => commitOf(object('tree', raw('120000', '.gitmodules', object('blob', Buffer.from('/etc/passwd'))))),
    /not sound: .*gitmodulesSymlink/,
  ],
]

/** A commit of folders one in the other, with the pack that holds it. */
function deep(levels: number): [oid: string, pack: Buffer] {
  const file = Buffer.from('x')
  const entries: PackEntry[] = [{ kind: 'blob', content: file }]
  let inner = raw('100644', 'd', objectId('blob', file))
  for (let level = 1; level < levels; level += 1) {
    entries.push({ kind: 'tree', content: inner })
    inner = raw('40000', 'd', objectId('tree', inner))
  }
  entries.push({ kind: 'tree', content: inner })
  const commit = Buffer.from(`tree ${objectId('tree', inner)}\nparent ${fixture.baseOid}\nauthor ${who}\ncommitter ${who}\n\nDeep\n`)
  return [objectId('commit', commit), craftPack([...entries, { kind: 'commit', content: commit }])]
}

test.each(commits)('%s is refused', async (_, make, words) => {
  const startedAt = performance.now()
  const result = await offer(make())
  expect(result).toMatchObject({ ok: false, message: expect.stringMatching(words) })
  expect(performance.now() - startedAt).toBeLessThan(20_000)
  await worksAfterwards()
})

import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '@slipway/core/ports'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backendsUnderTest, type Bench, openBench, sh } from './harness.ts'

const TREE = `find . -path ./.git -prune -o \\( -type f -o -type l \\) -print | sort | while read f; do echo "$f $(stat -c %A $f) $(cat $f 2>/dev/null)"; done`

describe.each(backendsUnderTest())('checkpoints in %s', (backend) => {
  let bench: Bench
  let sandbox: Sandbox
  beforeAll(async () => {
    bench = await openBench(backend)
  })
  afterAll(() => bench.close())
  beforeEach(async () => {
    sandbox = await bench.create()
  })

  test('the same tree has the same hash, and only a change makes a new checkpoint', async () => {
    await sh(sandbox, 'echo a > a; mkdir d; echo b > d/b')
    const first = await sandbox.checkpoint()
    const second = await sandbox.checkpoint()
    expect({ ...second, ms: 0 }).toEqual({ ...first, changed: false, ms: 0 })
    expect(first.changed).toBe(true)
    await sh(sandbox, 'echo c > a')
    const third = await sandbox.checkpoint()
    expect(third).toMatchObject({ changed: true })
    await sh(sandbox, 'echo a > a')
    expect((await sandbox.checkpoint()).treeHash).toBe(first.treeHash)
  })

  test('no change is missed, however small, quick or disguised', async () => {
    await sh(sandbox, `git init -q .; printf 'kept/\\n' > .gitignore; mkdir kept; echo k > kept/f; echo 0 > f; git add .gitignore f`)
    await sandbox.checkpoint()
    const changes = [
      'echo 1 > f',
      'stat -c %y f > /tmp/t; echo 2 > f; touch -d "$(cat /tmp/t)" f',
      'cp -p f g; echo 3 > g; touch -r f g; mv g f',
      'chmod 755 f',
      'python3 -c "import mmap; h=open(\\"f\\",\\"r+b\\"); m=mmap.mmap(h.fileno(),0); m[0]=57; m.close()"',
      'ln -s f link',
      'ln -sfn g link',
      'mkdir d && mv f d/f',
      'git add -f kept/f',
      'echo l > kept/f',
      'rm -r d',
    ]
    const missed: string[] = []
    for (const change of changes) {
      expect([change, (await sh(sandbox, change)).exitCode]).toEqual([change, 0])
      if (!(await sandbox.checkpoint()).changed) missed.push(change)
      if ((await sandbox.checkpoint()).changed) missed.push(`twice: ${change}`)
    }
    expect(missed).toEqual([])
  })

  test('a checkpoint can be looked into when its sandbox is gone, and nothing is written', async () => {
    await sh(
      sandbox,
      `mkdir -p 'a dir'; printf 'one\\n' > 'a dir/x y'; ln -s x link; head -c 3000000 /dev/urandom > large; printf '\\0\\1' > bin; chmod 755 bin`,
    )
    const { checkpoint } = await sandbox.checkpoint()
    await sh(sandbox, 'echo later > later')
    await sandbox.checkpoint()
    const place = { backend, workspace: `workspace-${sandbox.id}`, checkpoint }
    await sandbox.close({ deleteWorkspace: true })
    const tree = await bench.sandboxes.readCheckpoint(place)
    expect(tree?.files.map(({ path, mode, bytes }) => [path, mode, bytes])).toEqual([
      ['a dir/x y', '100644', 4],
      ['bin', '100755', 2],
      ['large', '100644', 3_000_000],
      ['link', '120000', 1],
    ])
    const found = await tree?.read({ oids: tree.files.map(({ oid }) => oid), maxBytes: 1_000_000 })
    const texts = tree?.files.map(({ oid }) => found?.get(oid)).map((bytes) => bytes && Buffer.from(bytes).toString('latin1'))
    expect(texts).toEqual(['one\n', '\0\u0001', undefined, 'x'])
    const unknown = { ...place, checkpoint: '0'.repeat(40) }
    expect([await bench.sandboxes.readCheckpoint(unknown), await bench.sandboxes.readCheckpoint({ ...place, workspace: 'none' })]).toEqual([
      null,
      null,
    ])
    expect(await bench.sandboxes.readCheckpoint({ ...place, checkpoint: `${checkpoint}'; touch $STORE/x; '` })).toBe(null)
  })

  test('a checkpoint that was killed half-way does not stop the next one', async () => {
    await sh(sandbox, 'echo a > a')
    await sandbox.checkpoint()
    const stores = readdirSync(bench.state, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('checkpoints/shadow.git'))
    for (const store of stores)
      for (const lock of ['index.lock', 'refs/slipway/current.lock']) writeFileSync(join(bench.state, store, lock), '')
    expect(stores.length).toBeGreaterThan(0)
    await sh(sandbox, 'echo b > a')
    expect(await sandbox.checkpoint()).toMatchObject({ changed: true })
  })

  test('restoring brings exactly the tree back and leaves ignored files', async () => {
    await sh(
      sandbox,
      `printf 'node_modules/\\n' > .gitignore; printf 'a\\r\\nb' > crlf.txt; printf '* text=auto eol=lf filter=evil ident\\n' > .gitattributes; echo '$Id$' > ident; echo run > run.sh; chmod 755 run.sh; ln -s run.sh link; mkdir -p sub; echo s > sub/s; echo odd > 'git~1 "x'`,
    )
    const before = (await sh(sandbox, TREE)).stdout
    const { checkpoint, treeHash } = await sandbox.checkpoint()
    await sh(
      sandbox,
      'mkdir node_modules; echo kept > node_modules/m; rm -rf sub run.sh; echo new > new; echo x > crlf.txt; chmod 755 crlf.txt; rm link; mkdir link; echo y > link/y',
    )
    await sandbox.checkpoint()
    expect(await sandbox.restore(checkpoint)).toEqual({ ok: true, treeHash })
    expect((await sh(sandbox, `${TREE} | grep -v ^./node_modules`)).stdout).toBe(before)
    expect((await sh(sandbox, 'cat node_modules/m')).stdout).toBe('kept\n')
    expect(await sandbox.checkpoint()).toMatchObject({ treeHash, changed: false })
  })

  test('an unknown checkpoint is refused', async () => {
    await sandbox.checkpoint()
    expect(await sandbox.restore('f'.repeat(40))).toMatchObject({ ok: false, kind: 'unknown' })
    expect(await sandbox.restore(`'; touch /x; '`)).toMatchObject({ ok: false, kind: 'unknown' })
  })

  test("nested repositories are content, the work tree's own repository is not", async () => {
    await sh(
      sandbox,
      `git init -q . && mkdir -p inner/deep empty && git -C inner init -q && git -C empty init -q && echo i > inner/i && echo d > inner/deep/d && git -C inner add -A && git -C inner -c user.name=a -c user.email=a@b commit -qm x`,
    )
    const { checkpoint } = await sandbox.checkpoint()
    await sh(sandbox, 'rm -rf inner/i inner/deep')
    await sandbox.restore(checkpoint)
    expect((await sh(sandbox, 'cat inner/i inner/deep/d; git rev-parse --git-dir')).stdout).toBe('i\nd\n.git\n')
  })

  test('a file that the repository tracks although it is ignored is kept', async () => {
    await sh(sandbox, `git init -q .; echo '*.log' > .gitignore; echo tracked > t.log; echo not > n.log; git add -f t.log .gitignore`)
    const { checkpoint } = await sandbox.checkpoint()
    await sh(sandbox, 'rm t.log n.log')
    await sandbox.restore(checkpoint)
    expect((await sh(sandbox, 'cat t.log; ls n.log 2>/dev/null')).stdout).toBe('tracked\n')
  })

  test('a hostile repository runs nothing where the checkpoint is made', async () => {
    await sh(
      sandbox,
      `git init -q .; git config core.fsmonitor 'touch /store/pwned; touch pwned'; git config filter.evil.clean 'touch /store/pwned; cat'; git config core.hooksPath hooks; mkdir hooks; printf '#!/bin/sh\\ntouch pwned' > hooks/post-index-change; chmod 755 hooks/*; echo '* filter=evil' > .gitattributes; mkfifo pipe; touch none; chmod 0 none; echo ok > ok`,
    )
    const { checkpoint } = await sandbox.checkpoint()
    await sh(sandbox, 'rm ok')
    expect(await sandbox.restore(checkpoint)).toMatchObject({ ok: true })
    expect((await sh(sandbox, 'cat ok; ls pwned 2>/dev/null; find /store -type f 2>/dev/null')).stdout).toBe('ok\n')
  })

  test('work comes back after the sandbox died, and after its workspace was deleted', async () => {
    const workspace = `lasting-${backend}`
    const first = await bench.create({ workspace })
    await sh(first, 'mkdir d; echo work > d/w')
    const { checkpoint, treeHash } = await first.checkpoint()
    await first.exec({ argv: ['bash', '-c', 'kill -9 $PPID'], timeoutMs: 60_000 }).catch(() => undefined)
    const second = await bench.create({ workspace })
    await sh(second, 'rm -r d')
    expect(await second.restore(checkpoint)).toEqual({ ok: true, treeHash })
    await second.close({ deleteWorkspace: true })
    const third = await bench.create({ workspace })
    expect((await sh(third, 'ls -A')).stdout).toBe('')
    expect(await third.restore(checkpoint)).toEqual({ ok: true, treeHash })
    expect((await sh(third, 'cat d/w')).stdout).toBe('work\n')
  })
})

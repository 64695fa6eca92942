import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { quarantinePath } from '@slipway/git/host-paths'
import { runGit } from '@slipway/git/run-git'
import { defaultLimits } from '../limits.ts'
import { openAirlock } from '../open-airlock.ts'
import { airlockFixture } from '../testing/airlock-fixture.ts'
import type { AirlockFixture } from '../testing/airlock-fixture.ts'
import { processSandbox } from '../testing/process-sandbox.ts'

let fixture: AirlockFixture
beforeEach(async () => {
  fixture = await airlockFixture({ 'a.txt': 'one\n', 'src/b.ts': 'b\n', 'package.json': '{"scripts":{"test":"true"}}' })
})
afterEach(() => fixture.remove())

const quarantine = () => quarantinePath(fixture.home, 's1')
const hostHas = async (oid: string) => (await runGit({ args: ['cat-file', '-e', oid], gitDir: quarantine() })).exitCode === 0
const leftovers = () => readdirSync(quarantine()).filter((name) => name.startsWith('incoming'))
const rulesOf = (result: Awaited<ReturnType<AirlockFixture['offer']>>) => (result.ok ? [] : result.findings.map(({ rule }) => rule))

describe('an honest agent', () => {
  test('its work leaves as one commit of the fixed identity, with lines counted', async () => {
    fixture.write({ 'a.txt': 'one\ntwo\n', 'new.txt': 'x\n' })
    const result = await fixture.offer()
    expect(result).toEqual({
      ok: true,
      commit: {
        oid: expect.stringMatching(/^[0-9a-f]{40}$/),
        subject: 'Do the task',
        warnings: [],
        files: [
          { path: 'a.txt', added: 1, removed: 0 },
          { path: 'new.txt', added: 1, removed: 0 },
        ],
      },
    })
    expect(fixture.agentGit(['log', '--format=%an <%ae> %cn', '-1'])).toBe('Slipway <slipway@localhost> Slipway')
    expect(leftovers()).toEqual([])
  })

  test('an unchanged tree offers the same commit again', async () => {
    const first = await fixture.offered({ 'a.txt': 'two\n' })
    const again = await fixture.offer()
    const later = await fixture.offer({ parentOid: first })
    expect([again, later].map((result) => result.ok && result.commit.oid)).toEqual([first, first])
  })

  test('nothing changed is nothing to commit, also after a change and its reversal', async () => {
    expect(await fixture.offer()).toMatchObject({ ok: false, kind: 'nothing-to-commit' })
    fixture.write({ 'a.txt': 'two\n' })
    fixture.agentGit(['-c', 'user.name=Slipway', '-c', 'user.email=slipway@localhost', 'commit', '-qam', 'There'])
    fixture.write({ 'a.txt': 'one\n' })
    expect(await fixture.offer()).toMatchObject({ ok: false, kind: 'nothing-to-commit' })
  })

  test('its own commits are kept, and work goes on top of what was offered', async () => {
    fixture.write({ 'a.txt': 'two\n' })
    fixture.agentGit(['commit', '-qam', 'My own words'])
    const first = await fixture.offer()
    expect(first).toMatchObject({ ok: true, commit: { subject: 'My own words' } })
    const parentOid = first.ok ? first.commit.oid : ''
    fixture.write({ 'a.txt': 'three\n' })
    const second = await fixture.offer({ parentOid, message: 'More' })
    expect(second).toMatchObject({ ok: true, commit: { subject: 'More' } })
    expect(fixture.agentGit(['rev-parse', 'HEAD~1'])).toBe(parentOid)
  })

  test('an amended commit is offered as a new one on top of the last', async () => {
    const first = await fixture.offered({ 'a.txt': 'two\n' })
    fixture.write({ 'a.txt': 'three\n' })
    fixture.agentGit(['commit', '-q', '--amend', '-am', 'Amended'])
    const second = await fixture.offer({ parentOid: first, message: 'Next' })
    expect(second).toMatchObject({ ok: true, commit: { subject: 'Next' } })
    expect(fixture.agentGit(['rev-parse', 'HEAD~1'])).toBe(first)
  })

  test('protected files, install scripts and other names are shown to a person, not refused', async () => {
    fixture.write({
      '.github/workflows/ci.yml': 'on: push\n',
      'AGENTS.md': 'x',
      'package.json': '{"scripts":{"postinstall":"x"}}',
      'c.ts': 'a\u202eb',
    })
    fixture.agentGit(['add', '-A'])
    fixture.agentGit(['-c', 'user.name=Linus', '-c', 'user.email=linus@example.org', 'commit', '-qm', 'Trust me'])
    const result = await fixture.offer()
    expect(result.ok && result.commit.warnings.map(({ rule }) => rule).sort()).toEqual([
      'agent-instructions',
      'ci-configuration',
      'foreign-author',
      'install-script',
      'text-bidirectional',
    ])
  })

  test('ten sandboxes of one repository offer at once', async () => {
    const results = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const root = join(fixture.folder, `many-${index}`)
        fixture.source.git(['clone', '--quiet', fixture.source.path, root])
        writeFileSync(join(root, 'a.txt'), `${index}\n`)
        return fixture.offer({ sandbox: processSandbox(root), sessionId: `many-${index}` })
      }),
    )
    expect(results.every(({ ok }) => ok)).toBe(true)
  })
})

describe('a hostile work tree', () => {
  test('settings, filters, hooks and attributes run nothing on the host', async () => {
    const marker = join(fixture.folder, 'marker')
    // Inside the sandbox these may run; the host's own calls must not. The script tells them apart by the folder it runs in.
    const script = join(fixture.folder, 'evil.sh')
    writeFileSync(script, `#!/bin/sh\ncase "$PWD" in ${fixture.tree}*) ;; *) touch ${marker} ;; esac\ncat 2>/dev/null\n`)
    chmodSync(script, 0o755)
    for (const name of [
      'core.fsmonitor',
      'filter.evil.clean',
      'filter.evil.smudge',
      'diff.evil.textconv',
      'diff.external',
      'merge.evil.driver',
      'core.sshCommand',
      'core.alternateRefsCommand',
      'uploadpack.packObjectsHook',
      'gpg.program',
    ]) {
      fixture.agentGit(['config', name, script])
    }
    mkdirSync(join(fixture.tree, '.git/hooks'), { recursive: true })
    for (const hook of ['pre-commit', 'post-commit', 'reference-transaction', 'post-index-change', 'commit-msg'])
      writeFileSync(join(fixture.tree, '.git/hooks', hook), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    fixture.write({ '.gitattributes': '* filter=evil diff=evil merge=evil\n', 'a.txt': 'two\n' })
    const result = await fixture.offer()
    expect(result.ok).toBe(true)
    const oid = result.ok ? result.commit.oid : ''
    const input = { repository: fixture.repository, sessionId: 's1', baseOid: fixture.baseOid, oid }
    await fixture.airlock.diff({ ...input, maxBytes: 10_000 })
    await fixture.airlock.scan({ ...input, texts: [], signal: new AbortController().signal })
    expect(existsSync(marker)).toBe(false)
  })

  test('a link to a file of the host is refused', async () => {
    symlinkSync('/etc/passwd', join(fixture.tree, 'link'))
    const result = await fixture.offer()
    expect(result).toMatchObject({
      ok: false,
      kind: 'refused',
      message: expect.stringContaining('link'),
      findings: [{ rule: 'symlink-outside', path: 'link' }],
    })
    expect(await hostHas(fixture.agentGit(['rev-parse', 'HEAD']))).toBe(false)
    expect(leftovers()).toEqual([])
  })

  test('a repository inside the work tree is refused with what to do', async () => {
    fixture.source.git(['clone', '--quiet', fixture.source.path, join(fixture.tree, 'vendor/lib')])
    const result = await fixture.offer()
    expect(rulesOf(result)).toEqual(['submodule'])
    expect(!result.ok && result.message).toContain('.git folder')
  })

  test('a huge file is refused, also when a later commit removed it', async () => {
    fixture.write({ 'big.bin': randomBytes(10_500_000) })
    fixture.agentGit(['add', '-A'])
    fixture.agentGit(['commit', '-qm', 'Big'])
    rmSync(join(fixture.tree, 'big.bin'))
    fixture.write({ 'a.txt': 'two\n' })
    expect(rulesOf(await fixture.offer())).toEqual(['file-too-large'])
  })

  test('a name with a line break is refused and shown escaped', async () => {
    fixture.write({ 'x\ny': '1' })
    const result = await fixture.offer()
    expect(!result.ok && result.findings).toEqual([{ rule: 'name-control', path: 'x\\u{a}y', message: expect.any(String) }])
  })

  test('names that collide in case are refused', async () => {
    fixture.write({ 'A.TXT': '1' })
    expect(rulesOf(await fixture.offer())).toEqual(['name-collision'])
  })
})

describe('a sandbox that crafts objects', () => {
  /** Commits a tree of raw entries and points HEAD at it. */
  function commitRawTree(entries: [mode: string, name: string, oid: string][]): void {
    const raw = Buffer.concat(entries.flatMap(([mode, name, oid]) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]))
    const tree = fixture.agentGit(['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], raw)
    fixture.agentGit(['update-ref', 'HEAD', fixture.agentGit(['commit-tree', '-p', 'HEAD', '-m', 'Crafted', tree])])
  }
  const blob = (content: string) => fixture.agentGit(['hash-object', '-w', '--stdin'], content)

  test.each([
    ['.git', '40000'],
    ['.GIT', '40000'],
    ['git~1', '40000'],
    ['.g\u200cit', '40000'],
    ['..', '40000'],
    ['.', '40000'],
    ['a/b', '100644'],
    ['', '100644'],
  ])('a tree with an entry %j is refused before it counts', async (name, mode) => {
    const inner = fixture.agentGit(['mktree'], `100644 blob ${blob('x')}\tconfig\n`)
    commitRawTree([[mode, name, mode === '40000' ? inner : blob('x')]])
    fixture.write({ 'a.txt': 'two\n' })
    // git inside refuses to read a few of them itself; either way nothing comes out.
    expect(await fixture.offer()).toMatchObject({ ok: false, kind: expect.stringMatching(/^(?:refused|failed)$/) })
    expect(await hostHas(inner)).toBe(false)
    expect(leftovers()).toEqual([])
  })

  test.each(['104755', '100666', '120777'])('a file of mode %s is refused', async (mode) => {
    commitRawTree([[mode, 'file', blob('x')]])
    expect(await fixture.offer()).toMatchObject({ ok: false, kind: 'refused' })
  })

  test('a duplicate entry is refused', async () => {
    commitRawTree([
      ['100644', 'file', blob('x')],
      ['100644', 'file', blob('y')],
    ])
    expect(await fixture.offer()).toMatchObject({ ok: false, kind: 'refused' })
  })
})

describe('a sandbox whose git lies', () => {
  /** Replaces git by a script that answers as told and leaves the rest to the real one. */
  function lying(cases: string) {
    const programs = join(fixture.folder, 'programs')
    mkdirSync(programs)
    writeFileSync(join(programs, 'git'), `#!/bin/bash\nall="$*"\ncase "$all" in\n${cases}\nesac\nexec /usr/bin/git "$@"\n`, { mode: 0o755 })
    return processSandbox(fixture.tree, { programs })
  }
  const cases = { head: '*rev-parse*HEAD*', pack: '*pack-objects*' }

  test('HEAD that is no object id goes no further', async () => {
    for (const answer of ['--upload-pack=x', '../../etc', 'HEAD', '$(id)']) {
      const sandbox = lying(`${cases.head}) echo '${answer}'; exit 0 ;;`)
      expect(await fixture.offer({ sandbox })).toMatchObject({ ok: false, kind: 'failed' })
      rmSync(join(fixture.folder, 'programs'), { recursive: true })
    }
  })

  test('a commit that is not in the pack is refused', async () => {
    fixture.write({ 'a.txt': 'two\n' })
    expect(
      await fixture.offer({
        sandbox: lying(
          `${cases.head}) echo ${'a'.repeat(40)}; exit 0 ;;\n${cases.pack}) git() { /usr/bin/git "$@"; }; echo HEAD | /usr/bin/git pack-objects --revs --stdout -q; exit 0 ;;`,
        ),
      }),
    ).toMatchObject({ ok: false, kind: 'refused' })
  })

  test('a pack that lacks a blob is refused', async () => {
    fixture.write({ 'a.txt': 'two\n', 'extra.txt': 'missing\n' })
    const sandbox = lying(
      `${cases.pack}) cat >/dev/null; (/usr/bin/git rev-parse HEAD 'HEAD^{tree}' HEAD:a.txt) | /usr/bin/git pack-objects --stdout -q; exit 0 ;;`,
    )
    expect(await fixture.offer({ sandbox })).toMatchObject({ ok: false, kind: 'refused' })
    expect(await hostHas(fixture.agentGit(['rev-parse', 'HEAD']))).toBe(false)
  })

  test('rubbish, a cut pack and an empty answer are refused', async () => {
    fixture.write({ 'a.txt': 'two\n' })
    for (const body of ['head -c 100000 /dev/urandom', `/usr/bin/git pack-objects --revs --stdout -q | head -c 100`, ':']) {
      const result = await fixture.offer({ sandbox: lying(`${cases.pack}) ${body}; exit 0 ;;`) })
      expect(result).toMatchObject({ ok: false, kind: 'refused' })
      rmSync(join(fixture.folder, 'programs'), { recursive: true })
    }
    expect(leftovers()).toEqual([])
  })

  test('a commit that does not descend from the base is refused', async () => {
    const orphan = fixture.agentGit(['-c', 'user.name=a', '-c', 'user.email=a@b', 'commit-tree', '-m', 'Orphan', 'HEAD^{tree}'])
    const sandbox = lying(`*merge-base*) exit 0 ;;\n${cases.head}) echo ${orphan}; exit 0 ;;`)
    expect(await fixture.offer({ sandbox })).toMatchObject({
      ok: false,
      kind: 'refused',
      message: expect.stringContaining('does not contain the base commit'),
    })
  })

  test('history from elsewhere that was merged in is refused', async () => {
    const options = ['-c', 'user.name=a', '-c', 'user.email=a@b']
    const orphan = fixture.agentGit([...options, 'commit-tree', '-m', 'Foreign', 'HEAD^{tree}'])
    fixture.write({ 'a.txt': 'two\n' })
    fixture.agentGit([...options, 'merge', '-q', '-s', 'ours', '--allow-unrelated-histories', '-m', 'Merge', orphan])
    expect(await fixture.offer()).toMatchObject({ ok: false, kind: 'refused', message: expect.stringContaining('from elsewhere') })
  })

  test('an endless pack ends at the size limit', async () => {
    const airlock = openAirlock({ ...airlockOptions(), limits: { maxPackBytes: 1_000_000 } })
    fixture.write({ 'a.txt': 'two\n' })
    const sandbox = lying(`${cases.pack}) printf 'PACK\\0\\0\\0\\2\\377\\377\\377\\377'; cat /dev/zero; exit 0 ;;`)
    const result = await airlock.offer({
      repository: fixture.repository,
      sessionId: 's1',
      sandbox,
      baseOid: fixture.baseOid,
      parentOid: fixture.baseOid,
      message: 'm',
      signal: new AbortController().signal,
    })
    expect(result).toMatchObject({ ok: false, kind: expect.stringMatching(/^(?:too-large|refused)$/) })
  })

  test('a pack over the size limit is too large', async () => {
    const airlock = openAirlock({ ...airlockOptions(), limits: { maxPackBytes: 1_000_000 } })
    fixture.write({ 'noise.bin': randomBytes(3_000_000) })
    const result = await airlock.offer({
      repository: fixture.repository,
      sessionId: 's1',
      sandbox: fixture.sandbox,
      baseOid: fixture.baseOid,
      parentOid: fixture.baseOid,
      message: 'm',
      signal: new AbortController().signal,
    })
    expect(result).toMatchObject({ ok: false, kind: 'too-large' })
    expect(leftovers()).toEqual([])
  })

  test('a pack that never ends ends at the deadline', async () => {
    const airlock = openAirlock({ ...airlockOptions(), limits: { intakeTimeoutMs: 700 } })
    fixture.write({ 'a.txt': 'two\n' })
    const sandbox = lying(`${cases.pack}) sleep 60 ;;`)
    const result = await airlock.offer({
      repository: fixture.repository,
      sessionId: 's1',
      sandbox,
      baseOid: fixture.baseOid,
      parentOid: fixture.baseOid,
      message: 'm',
      signal: new AbortController().signal,
    })
    expect(result.ok).toBe(false)
    expect(leftovers()).toEqual([])
  })

  test('a small pack that inflates to gigabytes is refused without its contents in memory', async () => {
    // 300 MB of zeros pack into 300 KB.
    fixture.write({ 'bomb.bin': Buffer.alloc(300_000_000) })
    const before = process.memoryUsage().rss
    const result = await fixture.offer()
    expect(rulesOf(result)).toEqual(['file-too-large'])
    expect(process.memoryUsage().rss - before).toBeLessThan(400_000_000)
  })
})

function airlockOptions() {
  return {
    home: fixture.home,
    sandboxes: fixture.sandboxes,
    ids: { next: () => 'x' },
    runSetup: async () => ({ ok: true, steps: [] }),
    findChecks: async () => [],
  }
}

test('the defaults are the documented ones', () => {
  expect(defaultLimits).toMatchObject({ maxPackBytes: 200_000_000, maxFileBytes: 10_000_000 })
})

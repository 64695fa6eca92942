// The way out of a real sandbox: a hostile work tree inside bubblewrap, real git on both sides, and nothing of it runs or arrives on the host.

import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openAirlock } from '@slipway/airlock/open-airlock'
import { drawFrom } from '@slipway/airlock/secret-scan/testing/corpus'
import { seedWorkspace } from '@slipway/airlock/seed-workspace'
import { diffChangeRequest } from '@slipway/connectors/local/change-requests'
import { openLocalForge } from '@slipway/connectors/local/open-local-forge'
import type { RepositoryRef } from '@slipway/core/events'
import type { Airlock, Clock, EgressDecision, Sandbox, SandboxSpec } from '@slipway/core/ports'
import { openRepositories } from '@slipway/git/open-repositories'
import { scratchRepository } from '@slipway/git/testing/scratch-repository'
import { openSandboxes, type OpenedSandboxes } from '@slipway/sandbox/open-sandboxes'

const clock: Clock = { now: () => Date.now(), sleep: async () => {} }
const signal = new AbortController().signal
const MB = 1024 * 1024
const limits = { memoryBytes: 512 * MB, processes: 200, cpus: 2, diskBytes: 512 * MB }
const author = {
  GIT_AUTHOR_NAME: 'Slipway',
  GIT_AUTHOR_EMAIL: 'slipway@localhost',
  GIT_COMMITTER_NAME: 'Slipway',
  GIT_COMMITTER_EMAIL: 'slipway@localhost',
}

let home: string
let sandboxes: OpenedSandboxes
let airlock: Airlock
let repository: RepositoryRef
let sandbox: Sandbox
let baseOid: string
let sessionId: string
let next = 0

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'slipway-airlock-'))
  chmodSync(home, 0o711)
  sandboxes = await openSandboxes({ home, clock, environment: { ...process.env, SLIPWAY_SANDBOX_STATE: join(home, 'state') } })
  airlock = openAirlock({
    home,
    sandboxes,
    ids: { next: () => `id${++next}` },
    runSetup: async () => ({ ok: true, steps: [] }),
    findChecks: async () => [],
    sandboxLimits: limits,
  })
  const source = scratchRepository(join(home, 'source'))
  source.commit({ 'a.txt': 'one\n', 'check.sh': 'grep -q two a.txt\n' }, 'Base')
  repository = { url: source.path, forge: 'local', slug: null, base: null }
})
afterAll(async () => {
  await sandboxes.reap(async (all) => all)
  await sandboxes.close()
  rmSync(home, { recursive: true, force: true })
})

beforeEach(async () => {
  sessionId = `s${++next}`
  const prepared = await openLocalForge({ home, clock }).prepare({ repository, signal })
  if (!prepared.ok) throw new Error(prepared.message)
  baseOid = prepared.baseOid
  const spec: SandboxSpec = {
    sandboxId: sessionId,
    sessionId,
    workspace: sessionId,
    limits,
    egress: { allow: [], uploadLimitBytes: 0 },
    phase: 'agent',
    onEgress: (_: EgressDecision) => {},
  }
  const created = await sandboxes.create('bubblewrap', spec)
  if (!created.ok) throw new Error(created.message)
  sandbox = created.sandbox
  const bundle = openRepositories({ home }).bundle({ repository, sessionId, baseOid, workOid: null })
  await seedWorkspace({ sandbox, bundle, baseBranch: prepared.baseBranch, branch: 'slipway/x', baseOid, workOid: null })
})

async function inside(script: string): Promise<string> {
  let text = ''
  const result = await sandbox.exec({
    argv: ['bash', '-c', script],
    env: author,
    timeoutMs: 30_000,
    onOutput: (chunk) => void (text += Buffer.from(chunk).toString()),
  })
  if (result.exitCode !== 0) throw new Error(`${script}: ${text}`)
  return text.trim()
}
const offer = () => airlock.offer({ repository, sessionId, sandbox, baseOid, parentOid: baseOid, message: 'Do the task', signal })

test('work goes from a sandbox through every gate into a change request', async () => {
  await inside('echo two > a.txt')
  const offered = await offer()
  expect(offered).toMatchObject({ ok: true, commit: { files: [{ path: 'a.txt', added: 1, removed: 1 }], warnings: [] } })
  if (!offered.ok) return
  const { oid } = offered.commit
  expect(await airlock.scan({ repository, sessionId, baseOid, oid, texts: ['Title'], signal })).toMatchObject({ result: 'clean' })
  const verification = await airlock.verify({
    repository,
    sessionId,
    baseOid,
    oid,
    checks: ['bash check.sh', 'git rev-parse HEAD'],
    backend: 'bubblewrap',
    signal,
    onOutput: () => {},
    onEgress: () => {},
  })
  expect(verification).toMatchObject({ result: 'passed', receipts: [{ exitCode: 0 }, { exitCode: 0, tail: `${oid}\n` }] })
  const forge = openLocalForge({ home, clock })
  const branch = `slipway/${sessionId}-task`
  expect(await forge.push({ repository, sessionId, oid, branch, expectedOid: null, signal })).toEqual({ ok: true, alreadyThere: false })
  const opened = await forge.openChangeRequest({ repository, branch, base: 'main', title: 'Do the task', body: '', draft: false, signal })
  expect(opened).toMatchObject({ ok: true, alreadyThere: false })
  const number = opened.ok ? opened.changeRequest.number : 0
  expect(await diffChangeRequest({ path: repository.url, number, maxBytes: 1e6 })).toMatchObject({
    ok: true,
    diff: expect.stringContaining('-one\n+two'),
  })
})

test('what a work tree can make git run, runs inside only', async () => {
  const marker = join(home, `marker-${sessionId}`)
  const script = `${sandbox.root}/evil.sh`
  await inside(`printf '#!/bin/sh\\ntouch ${marker} ${sandbox.root}/ran-inside 2>/dev/null\\ncat 2>/dev/null\\n' > evil.sh && chmod +x evil.sh
    for name in core.fsmonitor filter.evil.clean filter.evil.smudge diff.evil.textconv diff.external core.sshCommand core.alternateRefsCommand uploadpack.packObjectsHook gpg.program credential.helper; do git config $name ${script}; done
    git config core.hooksPath ${sandbox.root}/hooks && mkdir hooks && for hook in pre-commit post-commit reference-transaction post-checkout; do cp evil.sh hooks/$hook; done
    echo '* filter=evil diff=evil' > .gitattributes && echo two > a.txt`)
  const offered = await offer()
  expect(offered.ok, JSON.stringify(offered)).toBe(true)
  const oid = offered.ok ? offered.commit.oid : ''
  await airlock.diff({ repository, sessionId, baseOid, oid, maxBytes: 1e6 })
  await airlock.scan({ repository, sessionId, baseOid, oid, texts: [], signal })
  await airlock.verify({
    repository,
    sessionId,
    baseOid,
    oid,
    checks: ['bash check.sh'],
    backend: 'bubblewrap',
    signal,
    onOutput: () => {},
    onEgress: () => {},
  })
  await openLocalForge({ home, clock }).push({ repository, sessionId, oid, branch: `slipway/${sessionId}-evil`, expectedOid: null, signal })
  // The trap works: inside, the filter ran. Outside, nothing did.
  expect(await inside('ls ran-inside')).toBe('ran-inside')
  expect(existsSync(marker)).toBe(false)
})

test.each([
  ['a link to a file of the host', 'ln -s /etc/passwd link', 'symlink-outside'],
  ['a repository of its own', 'git clone -q . vendor', 'submodule'],
  ['names that fall together', 'echo x > A.TXT', 'name-collision'],
  ['a name with a line break', "echo x > $'a\\nb'", 'name-control'],
])('%s does not leave', async (_, script, rule) => {
  await inside(script)
  const offered = await offer()
  expect(offered).toMatchObject({ ok: false, kind: 'refused' })
  expect(!offered.ok && offered.findings.map((finding) => finding.rule)).toContain(rule)
})

test('a crafted tree with a git folder does not leave', async () => {
  await inside(`blob=$(echo x | git hash-object -w --stdin); inner=$(printf '100644 blob %s\\tconfig\\n' $blob | git mktree)
    { printf '40000 .git\\0'; printf $inner | sed 's/../\\\\x&/g' | xargs -0 printf; } | git hash-object -w -t tree --literally --stdin > tree
    git update-ref HEAD $(git commit-tree -p HEAD -m Crafted $(cat tree)); rm tree; echo two > a.txt`)
  expect(await inside('git ls-tree --name-only HEAD')).toBe('.git')
  expect(await offer()).toMatchObject({ ok: false, kind: 'refused' })
})

test('a commit that was cut off from the base is put back on top of it', async () => {
  await inside('echo two > a.txt; git add -A; git commit -qm x; git update-ref HEAD $(git commit-tree -m Orphan HEAD^{tree})')
  const offered = await offer()
  expect(offered.ok).toBe(true)
  expect(await inside('git rev-parse HEAD~1')).toBe(baseOid)
})

test('a secret is stopped before the push, wherever it hides', async () => {
  const token = ['gh', 'p_', drawFrom(11)('alnum', 36)].join('')
  await inside(
    `echo ${Buffer.from(token).toString('base64')} > notes.txt; git add -A; git commit -qm first; rm notes.txt; echo two > a.txt`,
  )
  const offered = await offer()
  const oid = offered.ok ? offered.commit.oid : ''
  const scan = await airlock.scan({ repository, sessionId, baseOid, oid, texts: [], signal })
  expect(scan).toMatchObject({ result: 'findings', findings: [{ rule: 'github-token', path: 'notes.txt', line: 1 }] })
  expect(JSON.stringify(scan)).not.toContain(token)
})

test('a verification leaves no sandbox behind', () => {
  const left = readdirSync(join(home, 'state'), { recursive: true })
    .map(String)
    .filter((path) => /(?:^|\/)verify-id\d/.test(path))
  expect(left).toEqual([])
})

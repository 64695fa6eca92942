import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { AirlockOptions } from '../open-airlock.ts'
import { airlockFixture } from '../testing/airlock-fixture.ts'
import type { AirlockFixture } from '../testing/airlock-fixture.ts'

let fixture: AirlockFixture
afterEach(() => fixture.remove())

async function setUp(options: Partial<AirlockOptions> = {}) {
  fixture = await airlockFixture({ 'a.txt': 'one\n', 'check.sh': 'grep -q two a.txt\n' }, options)
  return fixture.offered({ 'a.txt': 'two\n' })
}
const verify = (oid: string, checks: string[], changes: Partial<Parameters<AirlockFixture['airlock']['verify']>[0]> = {}) =>
  fixture.airlock.verify({
    repository: fixture.repository,
    sessionId: 's1',
    baseOid: fixture.baseOid,
    oid,
    checks,
    backend: null,
    signal: new AbortController().signal,
    onOutput: () => {},
    onEgress: () => {},
    ...changes,
  })

test('checks run at exactly the commit, not at what lies in the agent’s work tree', async () => {
  const oid = await setUp()
  fixture.write({ 'a.txt': 'broken\n', 'check.sh': 'exit 1\n' })
  let streamed = ''
  const verification = await verify(oid, ['git rev-parse HEAD', 'bash check.sh'], { onOutput: (text) => void (streamed += text) })
  expect(verification).toEqual({
    result: 'passed',
    ms: expect.any(Number),
    receipts: [
      {
        command: 'git rev-parse HEAD',
        exitCode: 0,
        killed: null,
        ms: expect.any(Number),
        outputSha: createHash('sha256').update(`${oid}\n`).digest('hex'),
        tail: `${oid}\n`,
      },
      {
        command: 'bash check.sh',
        exitCode: 0,
        killed: null,
        ms: expect.any(Number),
        outputSha: createHash('sha256').digest('hex'),
        tail: '',
      },
    ],
  })
  expect(streamed).toBe(`${oid}\n`)
})

test('a failing check fails, also in the middle of a pipe', async () => {
  const oid = await setUp()
  expect((await verify(oid, ['true', 'false | cat'])).result).toBe('failed')
  expect((await verify(oid, ['exit 3'])).receipts[0]?.exitCode).toBe(3)
})

test('the sandbox is destroyed whatever happens', async () => {
  const oid = await setUp()
  await verify(oid, ['true'])
  await verify(oid, ['false'])
  expect(fixture.sandboxes.open.size).toBe(0)
  expect(readdirSync(join(fixture.folder, 'sandboxes'))).toEqual([])
  expect(fixture.sandboxes.specs.map(({ phase, egress }) => ({ phase, egress }))).toEqual(
    Array(2).fill({ phase: 'verification', egress: { allow: [], uploadLimitBytes: 0 } }),
  )
})

test('no checks are not a pass', async () => {
  const oid = await setUp()
  expect(await verify(oid, [])).toEqual({ result: 'no-checks', receipts: [], ms: expect.any(Number) })
})

test('a command that is not there could not run; beside a passing one the result is partial', async () => {
  const oid = await setUp()
  expect((await verify(oid, ['no-such-command-here'])).result).toBe('could-not-run')
  expect((await verify(oid, ['true', 'no-such-command-here'])).result).toBe('partial')
})

test('a check that hangs fails at its deadline', async () => {
  const oid = await setUp({ limits: { checkTimeoutMs: 300 } })
  const verification = await verify(oid, ['sleep 60'])
  expect(verification).toMatchObject({ result: 'failed', receipts: [{ exitCode: null, killed: 'timeout' }] })
})

test('a stop leaves nothing that looks passed', async () => {
  const oid = await setUp()
  const stopping = new AbortController()
  const verification = await verify(oid, ['echo started; sleep 60', 'true'], { signal: stopping.signal, onOutput: () => stopping.abort() })
  expect(verification).toMatchObject({ result: 'could-not-run', receipts: [{ killed: 'stopped' }] })
})

test('a sandbox that is lost once is no verdict: the commit is verified in another one', async () => {
  const oid = await setUp()
  const verification = await verify(oid, ['true', 'echo x'], {
    onOutput: () => fixture.sandboxes.lose(fixture.sandboxes.specs[0]?.sandboxId ?? ''),
  })
  expect(verification).toMatchObject({ result: 'passed', receipts: [{ exitCode: 0 }, { exitCode: 0 }] })
})

test('a sandbox that is lost again is a receipt, not a pass', async () => {
  const oid = await setUp()
  const verification = await verify(oid, ['true', 'echo x'], {
    onOutput: () => fixture.sandboxes.lose(fixture.sandboxes.specs.at(-1)?.sandboxId ?? ''),
  })
  expect(verification).toMatchObject({ result: 'partial', receipts: [{ exitCode: 0 }, { killed: 'sandbox-lost' }] })
})

test('a set-up that failed is shown with its steps', async () => {
  const step = { command: 'npm ci', exitCode: 1, killed: null, ms: 5, outputSha: '', tail: 'no network' }
  const oid = await setUp({ runSetup: async () => ({ ok: false, steps: [step] }) })
  const verification = await verify(oid, ['true'])
  expect(verification).toMatchObject({ result: 'could-not-run', receipts: [step, { tail: expect.stringContaining('set-up failed') }] })
  expect(fixture.sandboxes.open.size).toBe(0)
})

test('no sandbox to be had is said', async () => {
  const oid = await setUp()
  fixture.sandboxes.create = async () => ({ ok: false, kind: 'none', message: 'No backend passed its self-test.' })
  expect(await verify(oid, ['true'])).toMatchObject({ result: 'could-not-run', receipts: [{ tail: 'No backend passed its self-test.' }] })
})

test('checks that are not given come from the base, and a commit that changes them is noticed', async () => {
  const findChecks: AirlockOptions['findChecks'] = async ({ readFile }) =>
    ((await readFile('checks')) ?? '').split('\n').filter((line) => line !== '')
  fixture = await airlockFixture({ 'a.txt': 'one\n', checks: 'echo strict\n' }, { findChecks })
  const oid = await fixture.offered({ 'a.txt': 'two\n', checks: 'true\n' })
  const verification = await verify(oid, [])
  expect(verification).toMatchObject({
    result: 'passed',
    receipts: [{ command: 'echo strict', tail: expect.stringContaining('changes how it is checked') }],
  })
})

test('a repository without checks uses those that the commit brings, and says so', async () => {
  fixture = await airlockFixture(
    { 'a.txt': 'one\n' },
    { findChecks: async ({ listFiles }) => ((await listFiles(10)).includes('checks') ? ['true'] : []) },
  )
  const oid = await fixture.offered({ checks: 'x' })
  expect((await verify(oid, [])).receipts[0]?.tail).toContain('come from the commit itself')
})

test('changed scripts behind the same command are said', async () => {
  fixture = await airlockFixture({ 'package.json': '{"scripts":{"test":"strict"}}' })
  const oid = await fixture.offered({ 'package.json': '{"scripts":{"test":"true"}}' })
  expect((await verify(oid, ['true'])).receipts[0]?.tail).toContain('the scripts of package.json')
})

test('a check that changes files of the commit is said', async () => {
  const oid = await setUp()
  const { receipts } = await verify(oid, ['echo more >> a.txt'])
  expect(receipts[0]?.tail).toContain('This check changed files of the commit: a.txt')
})

test('a long output is hashed whole and kept by its end', async () => {
  const oid = await setUp()
  const { receipts } = await verify(oid, ['for i in $(seq 1 2000); do echo "line $i é"; done'])
  const whole = Array.from({ length: 2000 }, (_, index) => `line ${index + 1} é\n`).join('')
  expect(receipts[0]?.outputSha).toBe(createHash('sha256').update(whole).digest('hex'))
  expect(Buffer.byteLength(receipts[0]?.tail ?? '')).toBeLessThanOrEqual(2048)
  expect(whole.endsWith(receipts[0]?.tail ?? 'x')).toBe(true)
})

test('a diff is shown up to its limit, with the cut named', async () => {
  const oid = await setUp()
  const input = { repository: fixture.repository, sessionId: 's1', baseOid: fixture.baseOid, oid }
  expect(await fixture.airlock.diff({ ...input, maxBytes: 10_000 })).toContain('-one\n+two\n')
  expect(await fixture.airlock.diff({ ...input, maxBytes: 20 })).toMatch(/^diff --git a\/a\.txt b?[^]*was cut here/)
  expect(existsSync(join(fixture.home, 'sessions/s1/quarantine.git'))).toBe(true)
})

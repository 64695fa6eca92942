import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings } from '../settings.ts'
import { formatDoctor } from './format-doctor.ts'
import type { Host } from './host.ts'
import { openHost } from './host.ts'
import { runDoctor } from './run-doctor.ts'
import { closedPort, hostWith, pathWith, temporaryFolder } from './testing/fake-host.ts'

test('a machine with everything has nothing that fails', async () => {
  const environment = await quietEnvironment()
  const report = await runDoctor({ settings: readSettings(environment), host: hostWith({}), selfTest: null })
  expect(report.findings.filter(({ state }) => state === 'fail')).toEqual([])
})

test('a bare machine is told everything at once, what fails first, each with what to type', async () => {
  const environment = { ...(await quietEnvironment()), PORT: 'http', SLIPWAY_BUGDET: '5' }
  const host: Host = { ...openHost(await pathWith({})), nodeVersion: '20.20.2', getFromSocket: async () => ({ ok: false, code: 'ENOENT' }) }
  const report = await runDoctor({ settings: readSettings(environment), host, selfTest: null })
  expect(report.state).toBe('fail')
  expect(report.findings.filter(({ state }) => state === 'fail').map(({ name }) => name)).toEqual(
    expect.arrayContaining(['Settings', 'Node', 'git', 'bubblewrap']),
  )
  expect(report.findings.map(({ state }) => state)).toEqual(
    report.findings.map(({ state }) => state).toSorted((a, b) => 'fail warn ok'.indexOf(a) - 'fail warn ok'.indexOf(b)),
  )
  for (const finding of report.findings) expect(finding.state === 'ok' || (finding.cause !== null && finding.fix !== null)).toBe(true)
})

test('a misspelt variable is pointed out', async () => {
  const report = await runDoctor({
    settings: readSettings({ ...(await quietEnvironment()), SLIPWAY_BUGDET: '5' }),
    host: hostWith({}),
    selfTest: null,
  })
  expect(report.findings).toContainEqual(
    expect.objectContaining({ name: 'Settings', state: 'warn', summary: 'SLIPWAY_BUGDET is no setting of Slipway' }),
  )
})

test('a check that breaks is a finding, and the others are still made', async () => {
  const host = hostWith({
    look: async () => {
      throw new Error('the disk is on fire')
    },
  })
  const report = await runDoctor({
    settings: readSettings(await quietEnvironment()),
    host,
    selfTest: async () => Promise.reject(new Error('no sandbox')),
  })
  expect(report.findings).toContainEqual(expect.objectContaining({ name: 'Home', state: 'fail', cause: 'the disk is on fire' }))
  expect(report.findings).toContainEqual(expect.objectContaining({ name: 'git', state: 'ok' }))
})

test('a self-test that cannot run is reported beside what the backends say', async () => {
  const report = await runDoctor({
    settings: readSettings(await quietEnvironment()),
    host: hostWith({}),
    selfTest: async () => Promise.reject(new Error('no sandbox')),
  })
  expect(report.findings).toContainEqual(
    expect.objectContaining({ name: 'Self-test of the sandboxes', state: 'fail', cause: 'no sandbox' }),
  )
  expect(report.findings).toContainEqual(expect.objectContaining({ name: 'bubblewrap', state: 'ok' }))
})

test('a clock that cannot be right fails', async () => {
  const report = await runDoctor({ settings: readSettings(await quietEnvironment()), host: hostWith({ now: () => 0 }), selfTest: null })
  expect(report.findings).toContainEqual(
    expect.objectContaining({ name: 'Clock', state: 'fail', summary: 'the clock says 1970-01-01T00:00:00.000Z' }),
  )
})

test('the report for a terminal has the problem, its cause, what to type, and a conclusion', () => {
  const report = {
    state: 'fail' as const,
    findings: [
      { name: 'git', state: 'fail' as const, summary: 'git does not run', cause: 'It is missing.', fix: 'apt-get install git' },
      { name: 'Node', state: 'ok' as const, summary: 'Node 24', cause: null, fix: null },
    ],
  }
  expect(formatDoctor(report, { colour: false })).toBe(
    [
      '✗ git   git does not run',
      '        why:  It is missing.',
      '        type: apt-get install git',
      '✓ Node  Node 24',
      '',
      '1 thing keeps Slipway from working here.',
      '',
    ].join('\n'),
  )
  expect(formatDoctor(report, { colour: true })).toContain('\u001b[31m✗\u001b[0m')
})

async function quietEnvironment() {
  return {
    HOME: '/home/ada',
    SLIPWAY_HOME: join(await temporaryFolder(), 'home'),
    PORT: String(await closedPort()),
    OLLAMA_BASE_URL: `http://127.0.0.1:${await closedPort()}`,
  }
}

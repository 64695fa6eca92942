import { expect, test } from 'vitest'
import type { Awaited } from '@slipway/core/waiting/awaited-list'
import { bootSteps } from './boot-steps.ts'
import type { BootRow } from './row.ts'

const at = (seconds: number): string => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString()
const now = (seconds: number): number => Date.parse(at(seconds))
const wait = (phase: string, seconds: number, text = phase): Awaited => ({ phase, text, startedAt: at(seconds), deadlineAt: null })
const begun: BootRow = {
  kind: 'boot',
  key: 'boot',
  seq: 1,
  at: at(0),
  takenAt: null,
  repository: null,
  sandbox: null,
  setup: null,
  askedAt: null,
  firstAnswerAt: null,
  isRetried: false,
  isHeld: false,
  isOver: false,
}
const repository: BootRow['repository'] = {
  type: 'repository-prepared',
  baseBranch: 'main',
  baseOid: 'b'.repeat(40),
  branch: 'slipway/x',
  ms: 2_000,
}
const shown = (row: BootRow, awaited: Awaited[], nowMs: number | null) =>
  bootSteps(row, { awaited, nowMs }).map(({ name, state, note, ms }) => [name, state, note, ms])

test('each step counts its seconds while it is under way, and says how long it took afterwards', () => {
  expect(shown(begun, [], now(4))).toEqual([
    ['Queued', 'now', '', 4_000],
    ['Repository', 'next', '', null],
    ['Sandbox', 'next', '', null],
    ['Set-up', 'next', '', null],
    ['First thought', 'next', '', null],
  ])
  expect(shown(begun, [wait('repository', 5, 'fetching the repository')], now(6)).slice(0, 2)).toEqual([
    ['Queued', 'done', '', 5_000],
    ['Repository', 'now', 'fetching the repository', 1_000],
  ])
  const fetched = { ...begun, takenAt: at(5), repository }
  const waits = [wait('workspace', 7, 'starting the sandbox')]
  expect(shown({ ...fetched, askedAt: at(8) }, waits, now(9)).slice(1)).toEqual([
    ['Repository', 'done', 'main at bbbbbbbbbb', 2_000],
    ['Sandbox', 'now', 'starting the sandbox', 2_000],
    ['Set-up', 'next', '', null],
    ['First thought', 'now', '', 1_000],
  ])
  expect(shown(fetched, [...waits, wait('setup', 10)], now(13)).slice(2, 4)).toEqual([
    ['Sandbox', 'done', '', 3_000],
    ['Set-up', 'now', '', 3_000],
  ])
  const ready: BootRow = {
    ...fetched,
    sandbox: { type: 'sandbox-started', backend: 'docker', sandboxId: 's', restoredFrom: 'b', ms: 8_000 },
    setup: { type: 'setup-finished', ok: true, ms: 5_000, cached: true, steps: [] },
    askedAt: at(15),
    firstAnswerAt: at(18),
    isOver: true,
  }
  expect(shown(ready, [], null)).toEqual([
    ['Queued', 'done', '', 5_000],
    ['Repository', 'done', 'main at bbbbbbbbbb', 2_000],
    ['Sandbox', 'done', 'docker', 3_000],
    ['Set-up', 'done', 'from the cache', 5_000],
    ['First thought', 'done', '', 3_000],
  ])
})

test('while a person is asked, nothing is under way', () => {
  const held = { ...begun, takenAt: at(5), repository, isHeld: true }
  expect(shown(held, [wait('workspace', 7)], null).map(([, state]) => state)).toEqual(['done', 'done', 'next', 'next', 'next'])
})

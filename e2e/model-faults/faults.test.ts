// Each row of the table on every provider's wire: once and the session goes on to its end, always and it parks with words that help.

import { DEFAULT_DEADLINES } from '@slipway/agent/model/settings'
import { classifyFailure } from '@slipway/core/errors/classify-failure'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Brain, DoubleReply, DoubleRequest, ModelApi } from '../doubles/models/brain.ts'
import { OWN_WORDS, whatThePersonReads } from './outcomes.ts'
import { withCurrentFailures } from './page.ts'
import { APIS, LONG_FILES, openStage, type Stage } from './play-session.ts'
import { rows, type FaultRow } from './rows.ts'

const good: DoubleReply = { text: 'All is well.' }
const cases = rows.flatMap((row) => APIS.filter((api) => row.notOn?.[api] === undefined).map((api) => ({ row, api })))

describe.concurrent('a provider that does this once', () => {
  test.each(cases.filter(({ row }) => endsWell(row)))('$row.does ($api): the session goes on to its end', async ({ row, api }) => {
    const { stage } = await openFaulty(row, api, 1)
    await stage.drive()
    expect(stage.state().finished).toEqual({ outcome: 'nothing-to-do', summary: good.text })
    // On a busy machine a short deadline may pass once more before the request has even arrived.
    const failures = row.deadlines ? [...new Set(failuresOf(stage))] : failuresOf(stage)
    expect(failures).toEqual(kindOf(row) === null ? [] : [kindOf(row)])
    checkWaits(stage, row)
    if (row.course.slipway === 'tells the model') expect(resultsIn(stage.double.requests.at(-1))).toMatch(row.course.text)
    if (row.course.slipway === 'asks to go on') expect(stage.double.requests.at(-1)?.lastUserText).toMatch(/cut at its length limit/)
    await stage.close()
  })
})

describe.concurrent('a provider that always does this', () => {
  test.each(cases)('$row.does ($api): the session parks with words that help', async ({ row, api }) => {
    const { stage, heal, faultsPlayed } = await openFaulty(row, api, Number.POSITIVE_INFINITY)
    const end = await stage.drive()
    expect(end).toMatchObject({ kind: 'rest', wakeAt: null })
    const { parked, ask, finished } = stage.state()
    expect(finished).toBeNull()
    expect(parked?.reason).toMatch(pattern(whatThePersonReads(row, stage.model)))
    expect(ask).toMatchObject({ kind: 'continue', question: parked?.reason, options: ['approve', 'reject'] })
    expect(row.deadlines ? stage.bodies('model-requested').length : faultsPlayed()).toBe(attemptsOf(row))
    checkWaits(stage, row)

    // The way out: a person says to go on, and the provider is well again.
    const answer = { type: 'human-answered', askId: ask?.askId ?? '', decision: 'approve', text: '' } as const
    await stage.world.say({ ...answer, effectHash: null, budgetMicros: null })
    heal()
    await stage.drive()
    expect(stage.state().finished).toEqual({ outcome: 'nothing-to-do', summary: good.text })
    await stage.close()
  })
})

test('docs/model-failures.md shows exactly these rows (if not: make docs)', async () => {
  const page = await readFile(resolve(import.meta.dirname, '../../docs/model-failures.md'), 'utf8')
  expect(page).toBe(withCurrentFailures(page))
})

test('the real deadlines are those that the page names', () => {
  expect(DEFAULT_DEADLINES).toEqual({ firstChunkMs: 120_000, betweenChunksMs: 90_000, callMs: 30 * 60_000 })
})

test('every kind of failure that a provider can cause is in the table', () => {
  const played = new Set(rows.map(kindOf).filter((kind) => kind !== null))
  // Without tools is found out before; the others are not the provider's doing.
  expect([...played].sort()).toEqual(
    [
      'auth',
      'cut',
      'empty',
      'network',
      'overflow',
      'overloaded',
      'quota',
      'rate-limit',
      'rejected',
      'repeating',
      'server',
      'stalled',
    ].sort(),
  )
  expect(classifyFailure({ status: null, message: '', code: null, retryAfterMs: null, cause: 'repeating' })).toBe('repeating')
})

interface Provider {
  stage: Stage
  /** From now on it answers well. */
  heal(): void
  faultsPlayed(): number
}

/** A provider that does it `times` times and then answers well. Before an overflow it reads long files, so that there is something to summarise. */
async function openFaulty(row: FaultRow, api: ModelApi, times: number): Promise<Provider> {
  let left = times
  let filesRead = 0
  let played = 0
  const brain: Brain = (request) => {
    if (request.tools.length === 0) return { text: 'Three files were read.' }
    const file = row.course.slipway === 'summarises' ? LONG_FILES[filesRead++] : undefined
    if (file !== undefined) return { toolCalls: [{ name: 'read_file', input: { path: file } }] }
    if (left-- <= 0) return good
    played++
    if (left <= 0) stage.bePatient()
    return row.reply(api)
  }
  const stage = await openStage(api, brain, row.deadlines ? { deadlines: row.deadlines } : {})
  const heal = (): void => {
    left = 0
    stage.bePatient()
  }
  return { stage, heal, faultsPlayed: () => played }
}

const endsWell = ({ course }: FaultRow): boolean => course.slipway !== 'parks' && course.slipway !== 'parks as declined'

function kindOf({ course }: FaultRow) {
  if (course.slipway === 'tries again' || course.slipway === 'parks') return course.kind
  return course.slipway === 'summarises' ? 'overflow' : null
}

function attemptsOf({ course }: FaultRow): number {
  switch (course.slipway) {
    case 'tries again':
    case 'tells the model':
      return 5
    case 'asks to go on':
    case 'summarises':
      return 2
    case 'parks':
    case 'parks as declined':
      return 1
  }
}

const failuresOf = (stage: Stage) => stage.bodies('model-failed').map((body) => body.kind)
const resultsIn = (request: DoubleRequest | undefined): string => JSON.stringify(request?.lastResults ?? [])

/** Every failure that is tried again has its time, every wait that was shown has its deadline. */
function checkWaits(stage: Stage, row: FaultRow): void {
  const { world } = stage
  for (const message of world.messages) if (message.kind === 'progress') expect(message.progress.deadlineAt).not.toBeNull()
  if (row.course.slipway !== 'tries again') return
  const waits = world.events.flatMap(({ at, body }) =>
    body.type === 'model-failed' && body.retryAt !== null ? [Date.parse(body.retryAt) - Date.parse(at)] : [],
  )
  for (const [index, waitMs] of waits.entries()) {
    const middleMs = 2_000 * 2 ** index
    if (row.course.waitsMs !== undefined) expect(waitMs).toBe(row.course.waitsMs)
    else if (!row.does.startsWith('429')) expect([waitMs >= middleMs * 0.75, waitMs <= middleMs * 1.25]).toEqual([true, true])
  }
}

/** The sentence, with anything in the place of the provider's own words. */
function pattern(sentence: string): RegExp {
  const literal = sentence.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${literal.replace(OWN_WORDS, '.+')}$`)
}

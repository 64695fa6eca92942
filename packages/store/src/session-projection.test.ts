import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EventBody } from '@slipway/core/events'
import { sessionChange } from './session-projection.ts'
import { openTestDatabase, type TestDatabase } from './testing/test-database.ts'

let testDatabase: TestDatabase
beforeAll(async () => {
  testDatabase = await openTestDatabase()
})
afterAll(() => testDatabase.close())

const event: fc.Arbitrary<EventBody> = fc.oneof(
  fc.nat(9).map(
    (number): EventBody => ({
      type: 'human-asked',
      askId: String(number),
      kind: 'question',
      question: '',
      options: [],
      callId: null,
      effect: null,
      expiresAt: null,
    }),
  ),
  fc.nat(9).map(
    (number): EventBody => ({
      type: 'human-answered',
      askId: String(number),
      decision: 'answer',
      text: '',
      effectHash: null,
      budgetMicros: null,
    }),
  ),
  fc.constant<EventBody>({ type: 'session-finished', outcome: 'verified', summary: '' }),
  fc.constant<EventBody>({ type: 'session-forked', fromSessionId: 's', fromSeq: 1, checkpoint: null, model: null }),
  fc.constant<EventBody>({ type: 'user-message', text: '', mode: 'steer' }),
  fc.constant<EventBody>({ type: 'guard-tripped', guard: 'loop', action: 'park', reason: '' }),
  fc.constant<EventBody>({ type: 'session-renamed', title: 'new' }),
  fc.nat(9).map(
    (costMicros): EventBody => ({
      type: 'model-failed',
      callId: '',
      kind: 'network',
      message: '',
      status: null,
      retryAt: null,
      fallback: null,
      costMicros,
    }),
  ),
)

/** The row after appending these batches. */
async function rowAfter(batches: EventBody[][]): Promise<unknown> {
  const steps = batches.map((batch) => JSON.stringify(sessionChange(batch)))
  const nested = steps.reduce(
    (row, _, index) => `apply_session_change(${row}, $${index + 1}::json)`,
    `row('s', 'o', 't', 'r', 'running', null, '{}', 0, 0, now(), now(), null, null, 0, null)::sessions`,
  )
  const { rows } = await testDatabase.database.pool.query(
    `select title, status, outcome, open_asks, cost_micros from (select (${nested}).*) as result`,
    steps,
  )
  return rows[0]
}

/** As in a real log: a question is asked once, and an answer names a question asked before. */
function asInARealLog(events: EventBody[]): EventBody[] {
  const asked: string[] = []
  return events.flatMap((body): EventBody[] => {
    if (body.type === 'human-asked') {
      asked.push(`q${asked.length}`)
      return [{ ...body, askId: `q${asked.length - 1}` }]
    }
    if (body.type !== 'human-answered') return [body]
    const askId = asked[Number(body.askId) % asked.length]
    return askId === undefined ? [] : [{ ...body, askId }]
  })
}

test('a log gives the same row in whatever batches it is appended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 9 }), fc.nat(8), async (generated, cut) => {
      const events = asInARealLog(generated)
      const oneByOne = await rowAfter(events.map((body) => [body]))
      expect(await rowAfter([events])).toEqual(oneByOne)
      expect(await rowAfter([events.slice(0, cut), events.slice(cut)])).toEqual(oneByOne)
    }),
    { numRuns: 150 },
  )
})

// The host's keys, tokens and passwords, in seventeen forms, repeated by everything that a session talks to: none of them comes through.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { startDebianPostgres } from '../../scripts/test/debian-postgres.ts'
import { playRound } from './canaries/canary-round.ts'
import { leaksIn } from './canaries/draw-canaries.ts'
import { chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from './effort.ts'

let server: { url: string; stop(): void }
beforeAll(() => {
  const started = startDebianPostgres()
  if (!started.ok) throw new Error(started.message)
  server = started
})
afterAll(() => server?.stop())

/** How many canaries are sent out; each goes the way of text, thoughts, tools, errors and the forge. */
const wanted = rounds({ short: 100, long: 10_000 })

test('no canary comes through', { timeout: deadlineMs({ short: 300_000, long: 6 * 3_600_000 }) }, async () => {
  const seed = chooseSeed('canaries')
  const tell = openProgress('canaries', wanted)
  for (let count = 0, round = 0; count < wanted; round++) {
    const { canaries, sent, places } = await playRound({ random: seededRandom(seed + round), round, serverUrl: server.url })
    const leaks = Object.entries(places).flatMap(([place, text]) => leaksIn(text, canaries).map((name) => `${name}: ${place}`))
    expect(leaks, `round ${round}`).toEqual([])
    // The session went its whole way, and what was said on it came as far as the guard.
    expect(places['the database']).toContain('session-finished')
    expect(places['the database']).toContain('change-request-opened')
    expect(places['the database']).toContain('hunted: 0 of')
    expect(places['the database']).toContain('in many places')
    for (const place of ['the database', 'what a viewer gets', 'requests to the model', 'pushed commits'])
      expect(places[place]).toContain('[secret]')
    expect(Object.keys(places).filter((place) => places[place] === '')).toEqual([])
    count += sent.length
    tell(count)
  }
})

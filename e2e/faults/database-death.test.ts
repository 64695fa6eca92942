// PostgreSQL is struck down at random moments while a session runs: the session comes to the same end without a person, nothing
// that was acknowledged is lost, nothing is done twice, viewers see everything, and the API says plainly what is the matter.

import { join } from 'node:path'
import type { RunningServer } from '@slipway/server/start-server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openApiOf, runStruck, type StruckRun } from './database/run-session.ts'
import { debianServer, embeddedServer, type Blow, type Mortal } from './database/servers.ts'
import { cases, chooseSeed, deadlineMs, openProgress, rounds, seededRandom } from './effort.ts'
import { judge } from './kill/judge.ts'
import { openLane, type Lane } from './kill/lane.ts'

const timeLimit = deadlineMs({ short: 180_000, long: 3 * 3_600_000 })
const wanted = rounds({ short: 2, long: 150 })
const mostOfOneSession = 3

/** Of whichever database came first: a session is the same on both. */
let undisturbed: StruckRun | null = null

describe.each(cases(['embedded', 'external'] as const, 1))('an %s database', (kind) => {
  let lane: Lane
  let server: Mortal
  let api: RunningServer
  let count = 0

  beforeAll(async () => {
    const debian = kind === 'external' ? await debianServer() : null
    lane = await openLane({ variables: debian?.variables ?? {} })
    server = debian ?? embeddedServer(join(lane.folder, 'home'))
    api = await openApiOf(lane)
    undisturbed ??= await run([])
  }, timeLimit)
  afterAll(async () => {
    await api.close()
    await lane.close()
    server.close()
  })

  const run = (blows: { afterMs: number; blow: Blow }[]): Promise<StruckRun> =>
    runStruck({ lane, api, server, name: `${kind}-${(count += 1)}`, blows })

  test(
    `struck down ${wanted} times ends no session and no process`,
    async () => {
      const usual = undisturbed
      if (usual === null) throw new Error('no session ran undisturbed')
      const random = seededRandom(chooseSeed('database-death'))
      const tell = openProgress('database-death', wanted)
      for (let blows = 0; blows < wanted; ) {
        tell(blows)
        const planned = Array.from({ length: Math.min(wanted - blows, mostOfOneSession) }, (_, index) => ({
          afterMs: Math.round((random() * usual.durationMs) / mostOfOneSession),
          blow: (blows + index) % 2 === 0 ? ('SIGKILL' as const) : ('SIGQUIT' as const),
        }))
        const struck = await run(planned)
        expect({ findings: judge(struck, usual), surprises: struck.surprises, end: struck.end }).toEqual({
          findings: [],
          surprises: [],
          end: { code: 0, signal: null },
        })
        for (const refusal of struck.refusals) {
          expect(refusal).toEqual({
            status: 503,
            body: {
              error: {
                code: 'not-ready',
                message: expect.stringMatching(/database does not answer.*try again/),
                requestId: expect.any(String),
              },
            },
          })
        }
        blows += struck.deaths.length
      }
    },
    timeLimit,
  )
})

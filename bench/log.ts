// The log: how fast events become durable, how fast a viewer sees the newest, how long a worker needs to know a long session.
// The baselines do the least in the same database: a bare insert into a table without constraints, a bare select.

import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nextMove } from '@slipway/core/next-move'
import type { EventLog } from '@slipway/core/ports'
import { replay } from '@slipway/core/reduce'
import { openStore, type Store } from '@slipway/store/store'
import type { Figure } from './figure.ts'
import { tell, throughput, timed } from './measure.ts'
import { exampleBodies, newEvent } from './parts/example-session.ts'

const SHORT = 1_500
const LONG = 30_000
const APPEND_MS = 4_000
const WRITERS = 32

export async function measureLog(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'slipway-bench-'))
  const opened = await openStore({ home: join(folder, 'home'), databaseUrl: null, poolSize: WRITERS })
  if (!opened.ok) throw new Error(`${opened.message} ${opened.fix}`)
  const { store } = opened
  try {
    return [...(await appends(store)), ...(await reads(store, folder))]
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function appends(store: Store): Promise<Figure[]> {
  const { pool } = store.database
  await pool.query('create table bare (session_id text, seq int, body text)')
  const bodies = exampleBodies(504).slice(4)
  const at = (index: number) => bodies[index % bodies.length] ?? bodies[0]
  const sessions = await Promise.all(Array.from({ length: WRITERS }, () => begin(store.log, 1)))
  let count = 0
  const append = async (writer: number): Promise<void> => {
    const body = at(count++)
    if (body === undefined) return
    await store.log.append({ sessionId: sessions[writer] ?? '', events: [newEvent(body)], expectedSeq: null, lease: null, wake: 'no' })
  }
  const insert = (writer: number): Promise<unknown> =>
    pool.query({ name: 'bare', text: 'insert into bare values ($1, $2, $3)', values: [String(writer), ++count, JSON.stringify(at(count))] })
  const figures: Figure[] = []
  for (const writers of [1, WRITERS]) {
    await throughput({ writers, forMs: 500, work: append })
    const ours = await throughput({ writers, forMs: APPEND_MS, work: append })
    const bare = await throughput({ writers, forMs: APPEND_MS, work: insert })
    const who = writers === 1 ? 'one writer' : `${writers} writers`
    figures.push(
      {
        name: `append, ${who}, p50`,
        unit: 'ms',
        value: ours.spread.p50,
        baseline: { name: 'bare insert', value: bare.spread.p50 },
        goal: null,
      },
      {
        name: `append, ${who}, p95`,
        unit: 'ms',
        value: ours.spread.p95,
        baseline: { name: 'bare insert', value: bare.spread.p95 },
        goal: writers === 1 ? 1 : null,
        note: tell(ours.spread),
      },
      { name: `appends, ${who}`, unit: '/s', value: ours.perSecond, baseline: { name: 'bare insert', value: bare.perSecond }, goal: null },
    )
  }
  return figures
}

async function reads(store: Store, folder: string): Promise<Figure[]> {
  const [short, long] = [await begin(store.log, SHORT), await begin(store.log, LONG)]
  const { pool } = store.database
  await pool.query(`create table plain as select session_id, seq, body::text as body from events where session_id = '${long}'`)
  await pool.query('create index on plain (session_id, seq)')
  await pool.query('vacuum analyze')
  const newest = await timed(200, () => store.log.readLast({ sessionId: long, count: 50 }))
  const bareNewest = await timed(200, () =>
    pool.query({ name: 'plain-last', text: 'select body from plain where session_id = $1 order by seq desc limit 50', values: [long] }),
  )
  const figures: Figure[] = [
    {
      name: 'newest 50 events of 30,000, p95',
      unit: 'ms',
      value: newest.p95,
      baseline: { name: 'bare select', value: bareNewest.p95 },
      goal: 5,
      note: tell(newest),
    },
  ]
  for (const [sessionId, count, goal] of [
    [short, SHORT, 25],
    [long, LONG, null],
  ] as const) {
    const file = join(folder, `${count}.jsonl`)
    const events = await store.log.read({ sessionId, after: 0 })
    await writeFile(file, events.map((event) => JSON.stringify(event)).join('\n'))
    const recovery = await timed(count === SHORT ? 20 : 5, async () => {
      const state = replay(await store.log.read({ sessionId, after: 0 }))
      nextMove(state, { nowMs: Date.now(), models: new Map(), prefixTokens: 2_000 })
    })
    const parse = await timed(count === SHORT ? 20 : 5, async () =>
      (await readFile(file, 'utf8')).split('\n').map((line) => JSON.parse(line) as unknown),
    )
    figures.push({
      name: `recovery of ${count.toLocaleString('en')} events, p50`,
      unit: 'ms',
      value: recovery.p50,
      baseline: { name: 'parse them from a file', value: parse.p50 },
      goal,
      note: `read, fold, decide; ${tell(recovery)}`,
    })
  }
  return figures
}

/** A session of so many events. */
async function begin(log: EventLog, count: number): Promise<string> {
  const sessionId = randomUUID()
  const events = exampleBodies(count).map(newEvent)
  for (let from = 0; from < events.length; from += 500)
    await log.append({ sessionId, events: events.slice(from, from + 500), expectedSeq: from, lease: null, wake: 'no' })
  return sessionId
}

// What the harness adds to each step: 20 tool calls that do nothing, asked for by a model that answers at once. Slipway runs them in
// a sandbox with every event on disk; the bare loop beside it has neither.

import type { Figure } from './figure.ts'
import { openBenchHome } from './parts/bench-home.ts'
import type { BenchHome } from './parts/bench-home.ts'
import { measuredRun } from './parts/measured-run.ts'
import type { MeasuredRun } from './parts/measured-run.ts'
import { startModelProcess } from './parts/model-process.ts'
import type { Asked, ModelProcess } from './parts/model-process.ts'

const STEPS = 20
const ROUNDS = 5
const MAIN = new URL('../apps/cli/src/start.mjs', import.meta.url).pathname
const BARE = new URL('./parts/bare-loop.child.ts', import.meta.url).pathname

interface Timed {
  firstMs: number
  stepMs: number
  wholeMs: number
  peakMb: number
  asked: Asked[]
}

export async function measureSteps(): Promise<Figure[]> {
  const model = await startModelProcess()
  const place = await openBenchHome()
  try {
    await model.play({ toolCalls: STEPS, words: 0, paceMs: 0 })
    await slipway(model, place)
    const [ours, bare] = await alternately(model, place)
    await model.play({ toolCalls: STEPS, words: 2_000, paceMs: 0 })
    const [oursTalking, bareTalking] = await alternately(model, place)
    const first = ours.asked[0]?.bytes ?? Number.NaN
    const sum = (asked: Asked[]): number => asked.reduce((total, { bytes }) => total + bytes, 0) / 4
    return [
      {
        name: 'a step',
        unit: 'ms',
        value: ours.stepMs,
        baseline: { name: 'bare loop', value: bare.stepMs },
        goal: 12,
        note: 'bubblewrap, events synced',
      },
      {
        name: 'a step with 2,000 streamed tokens',
        unit: 'ms',
        value: oursTalking.stepMs,
        baseline: { name: 'bare loop', value: bareTalking.stepMs },
        goal: null,
      },
      {
        name: 'process start to first model request',
        unit: 'ms',
        value: ours.firstMs,
        baseline: { name: 'bare loop', value: bare.firstMs },
        goal: 700,
        note: 'everything starts: process, database, session',
      },
      {
        name: 'whole run',
        unit: 'ms',
        value: ours.wholeMs,
        baseline: { name: 'bare loop', value: bare.wholeMs },
        goal: null,
        note: `${STEPS} steps`,
      },
      {
        name: 'peak memory of the process',
        unit: 'MB',
        value: ours.peakMb,
        baseline: { name: 'bare loop', value: bare.peakMb },
        goal: 250,
      },
      {
        name: 'first request',
        unit: 'bytes',
        value: first,
        baseline: { name: 'bare loop', value: bare.asked[0]?.bytes ?? Number.NaN },
        goal: null,
      },
      {
        name: 'first request at 4 bytes a token',
        unit: 'tokens',
        value: first / 4,
        baseline: { name: 'bare loop', value: (bare.asked[0]?.bytes ?? Number.NaN) / 4 },
        goal: 2_500,
      },
      {
        name: `input of ${STEPS} steps at 4 bytes a token`,
        unit: 'tokens',
        value: sum(ours.asked),
        baseline: { name: 'bare loop', value: sum(bare.asked) },
        goal: 65_000,
      },
      {
        name: 'requests that keep the prefix',
        unit: '%',
        value: kept(ours.asked),
        baseline: { name: 'bare loop', value: kept(bare.asked) },
        goal: 100,
      },
    ]
  } finally {
    model.close()
    await place.close()
  }
}

async function alternately(model: ModelProcess, place: BenchHome): Promise<[Timed, Timed]> {
  const [ours, bare]: [Timed[], Timed[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(await slipway(model, place))
    bare.push(await bareLoop(model, place))
  }
  return [middle(ours), middle(bare)]
}

/** The middle of each figure, by itself. */
function middle(runs: Timed[]): Timed {
  const of = (pick: (run: Timed) => number): number => runs.map(pick).toSorted((a, b) => a - b)[Math.floor(runs.length / 2)] ?? Number.NaN
  return {
    firstMs: of((run) => run.firstMs),
    stepMs: of((run) => run.stepMs),
    wholeMs: of((run) => run.wholeMs),
    peakMb: of((run) => run.peakMb),
    asked: runs[0]?.asked ?? [],
  }
}

async function slipway(model: ModelProcess, place: BenchHome): Promise<Timed> {
  const words = [
    'run',
    '--repo',
    place.repository,
    '--task',
    'Do the task.',
    '--model',
    model.model,
    '--auto',
    '--sandbox',
    'bubblewrap',
    '--json',
  ]
  return once(model, () => measuredRun([process.execPath, MAIN, ...words], { ...place.variables, ...model.variables }, place.folder))
}

async function bareLoop(model: ModelProcess, place: BenchHome): Promise<Timed> {
  return once(model, () => measuredRun([process.execPath, BARE, model.url, model.key], {}, place.folder))
}

async function once(model: ModelProcess, run: () => Promise<MeasuredRun>): Promise<Timed> {
  await model.forget()
  const ran = await run()
  const asked = await model.asked()
  const [first, last] = [asked[0], asked.at(-1)]
  if (first === undefined || last === undefined || asked.length <= STEPS)
    throw new Error(`expected ${STEPS + 1} requests, saw ${asked.length}; the process said:\n${ran.output.slice(-2_000)}`)
  return {
    firstMs: first.atMs - ran.startedAtMs,
    stepMs: (last.atMs - first.atMs) / (asked.length - 1),
    wholeMs: ran.ms,
    peakMb: ran.peakMb,
    asked,
  }
}

function kept(asked: Asked[]): number {
  return (100 * asked.filter(({ isPrefixKept }) => isPrefixKept).length) / asked.length
}

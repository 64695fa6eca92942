// From a person's request to the model's first word, with a server that runs already.

import type { Figure } from './figure.ts'
import { spread, tell } from './measure.ts'
import { openBenchHome } from './parts/bench-home.ts'
import { measuredRun } from './parts/measured-run.ts'
import { startModelProcess } from './parts/model-process.ts'
import { startServer } from './parts/server-process.ts'

const ROUNDS = 20
const STEPS = 20
const BARE = new URL('./parts/bare-loop.child.ts', import.meta.url).pathname
const clock = (): number => performance.timeOrigin + performance.now()

export async function measureStart(): Promise<Figure[]> {
  const model = await startModelProcess()
  const place = await openBenchHome()
  const server = await startServer(place, model.variables)
  try {
    const [toModel, toToken, toEnd]: [number[], number[], number[]] = [[], [], []]
    const [bareToModel, bareToEnd]: [number[], number[]] = [[], []]
    for (let round = -2; round < ROUNDS; round += 1) {
      await model.play({ toolCalls: 0, words: 20, paceMs: 0 })
      const brief = await session()
      await model.play({ toolCalls: STEPS, words: 0, paceMs: 0 })
      const whole = round % 5 === 0 ? await session() : null
      await model.forget()
      const bare = await measuredRun([process.execPath, BARE, model.url, model.key], {}, place.folder)
      const asked = (await model.asked())[0]?.atMs ?? Number.NaN
      // The first rounds warm up what a running server has warm.
      if (round < 0) continue
      toModel.push(brief.toModel)
      toToken.push(brief.toToken)
      if (whole !== null) toEnd.push(whole.toEnd)
      bareToModel.push(asked - bare.startedAtMs)
      bareToEnd.push(bare.ms)
    }
    const [request, token, end] = [spread(toModel), spread(toToken), spread(toEnd)]
    return [
      {
        name: 'request to first model request, p50',
        unit: 'ms',
        value: request.p50,
        baseline: { name: 'bare loop, from its start', value: spread(bareToModel).p50 },
        goal: 150,
        note: `HTTP to a running server; ${tell(request)}`,
      },
      {
        name: 'request to first token shown, p50',
        unit: 'ms',
        value: token.p50,
        baseline: { name: 'bare loop, first request', value: spread(bareToModel).p50 },
        goal: null,
        note: `on a WebSocket; ${tell(token)}`,
      },
      {
        name: `request to the end of ${STEPS} steps, p50`,
        unit: 'ms',
        value: end.p50,
        baseline: { name: 'bare loop, whole run', value: spread(bareToEnd).p50 },
        goal: 450,
        note: `with a new sandbox; ${tell(end)}`,
      },
    ]

    async function session(): Promise<{ toModel: number; toToken: number; toEnd: number }> {
      await model.forget()
      const startedAt = clock()
      const id = await server.start({ model: model.model })
      let tokenAt = Number.NaN
      await server.watch(id, ({ event, delta }) => {
        if (delta?.channel === 'text' && Number.isNaN(tokenAt)) tokenAt = clock()
        return event?.body.type === 'session-finished'
      })
      const endedAt = clock()
      const askedAt = (await model.asked())[0]?.atMs ?? Number.NaN
      return { toModel: askedAt - startedAt, toToken: tokenAt - startedAt, toEnd: endedAt - startedAt }
    }
  } finally {
    await server.close()
    model.close()
    await place.close()
  }
}

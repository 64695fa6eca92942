import type { LiveMessage } from '@slipway/core/ports'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { hearSessions } from './hear-sessions.ts'

const grown: LiveMessage = { kind: 'events', sessionId: 's', head: 1, events: [] }

test('closing waits for what was heard, and hears nothing more', async () => {
  const listeners = new Set<(message: LiveMessage) => void>()
  const told: string[] = []
  const { promise: slow, resolve: finish } = Promise.withResolvers<void>()
  const news = hearSessions({
    bus: {
      subscribe(_, listener) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    async hear(sessionId) {
      told.push(`heard ${sessionId}`)
      await slow
      throw new Error('out of reach')
    },
    onTrouble: (error) => void told.push(String(error)),
  })
  const publish = (message: LiveMessage): void => listeners.forEach((listen) => listen(message))
  publish({ kind: 'wake', sessionId: 's' })
  publish(grown)
  const closed = news.close().then(() => told.push('closed'))
  publish(grown)
  await nextTurn()
  expect(told).toEqual(['heard s'])
  finish()
  await closed
  expect(told).toEqual(['heard s', 'Error: out of reach', 'closed'])
})

import type { Clock, Lease } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { systemClock } from '../runtime/clock.ts'
import { virtualClock } from '../testing/virtual-clock.ts'
import { holdLease } from './hold-lease.ts'

function virtualTime(): { clock: Clock; tick(): number } {
  const clock = virtualClock()
  return { clock, tick: () => clock.now() }
}

const lease: Lease = { sessionId: 's', workerId: 'w', fence: 1 }

async function untilAborted(signal: AbortSignal, turns = 200): Promise<boolean> {
  for (let turn = 0; turn < turns && !signal.aborted; turn++) await new Promise((resolve) => setImmediate(resolve))
  return signal.aborted
}

test('a refused heartbeat loses the lease at once', async () => {
  const answers = [true, true, false]
  let beats = 0
  const held = holdLease(lease, {
    ...virtualTime(),
    leaseMs: 15_000,
    heartbeatMs: 5_000,
    heartbeat: async () => (beats++, answers.shift() ?? false),
  })
  expect(await untilAborted(held.lost)).toBe(true)
  expect(beats).toBe(3)
  held.end()
})

test('a database that rejects for most of a lease loses it before anybody else can take it', async () => {
  const time = virtualTime()
  const held = holdLease(lease, { ...time, leaseMs: 15_000, heartbeatMs: 5_000, heartbeat: () => Promise.reject(new Error('gone')) })
  expect(await untilAborted(held.lost)).toBe(true)
  expect(time.tick()).toBeLessThanOrEqual(15_000)
  held.end()
})

test('a heartbeat that never answers loses the lease within its time', async () => {
  const held = holdLease(lease, { clock: systemClock, leaseMs: 300, heartbeatMs: 100, heartbeat: () => new Promise(() => undefined) })
  await new Promise((resolve) => held.lost.addEventListener('abort', resolve))
  held.end()
})

test('a lease that is confirmed stays, and ending it stops the beats', async () => {
  let beats = 0
  const held = holdLease(lease, { ...virtualTime(), leaseMs: 15_000, heartbeatMs: 5_000, heartbeat: async () => (beats++, true) })
  await untilAborted(held.lost, 50)
  expect(held.lost.aborted).toBe(false)
  held.end()
  await untilAborted(held.lost, 5)
  const after = beats
  await untilAborted(held.lost, 20)
  expect(beats).toBe(after)
})

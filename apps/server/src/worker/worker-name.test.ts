import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { isKnownGone, workerName } from './worker-name.ts'

test('a running worker is not gone, nor is one that nothing is known of', () => {
  expect([isKnownGone(workerName('w1')), isKnownGone('elsewhere/1/boot-1/w1'), isKnownGone('worker-1')]).toEqual([false, false, false])
})

test('a worker that was killed is gone, also when another process has its pid now', async () => {
  const [host, , startedAt] = workerName('w1').split('/')
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  const reused = [host, child.pid, startedAt, 'w2'].join('/')
  expect(isKnownGone(reused)).toBe(true)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isKnownGone([host, child.pid, 'boot-1', 'w2'].join('/'))).toBe(true)
})

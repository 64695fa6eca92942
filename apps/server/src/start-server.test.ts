import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { temporaryFolder } from './doctor/testing/fake-host.ts'

const run = promisify(execFile)
const script = new URL('./testing/start-server.child.ts', import.meta.url).pathname

test('a server that may not listen says so, and nothing of it goes on', async () => {
  const SLIPWAY_HOME = await temporaryFolder()
  const env = { PATH: process.env['PATH'], SLIPWAY_HOME, HOST: '192.0.2.1', PORT: '4000' }
  // Killed, and rejected, when it does not end by itself.
  const { stdout, stderr } = await run(process.execPath, [script], { env, timeout: 60_000 })
  expect({ stdout, stderr }).toEqual({ stdout: '', stderr: 'This machine has no address 192.0.2.1. Leave HOST unset for loopback.\n' })
})

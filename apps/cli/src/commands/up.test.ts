import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type CliHome, openCliHome } from '../testing/cli-process.ts'

const MAIN = new URL('../start.mjs', import.meta.url).pathname

let cli: CliHome
beforeEach(async () => {
  cli = await openCliHome()
})
afterEach(() => cli.close())

test('a hangup of the terminal that started it under nohup leaves it at work', async () => {
  const worker = cli.start(['worker'])
  await worker.until('works on sessions')
  worker.child.kill('SIGHUP')
  // By the end of this it has heard the first signal.
  await cli.run(['sessions'])
  worker.child.kill('SIGTERM')
  expect(await worker.exited).toMatchObject({ code: 0, stderr: expect.stringContaining('handing sessions back') })
})

test('a hangup of its own terminal ends it as Ctrl-C does, the database with it', async () => {
  const { PATH } = process.env
  const state = join(cli.home, '../sandboxes')
  const env = { PATH, SLIPWAY_HOME: cli.home, SLIPWAY_SANDBOX_STATE: state, SHELL: '/bin/sh' }
  // The terminal is one of `script`, and goes with it.
  const terminal = spawn('script', ['--quiet', '--flush', '--command', `exec '${process.execPath}' '${MAIN}' worker`, '/dev/null'], { env })
  let shown = ''
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text))
  await expect.poll(() => shown).toContain('works on sessions')
  const runs = (): boolean => existsSync(join(cli.home, 'postgres/data/postmaster.pid'))
  expect(runs()).toBe(true)
  terminal.kill('SIGKILL')
  await once(terminal, 'exit')
  await expect.poll(runs).toBe(false)
})

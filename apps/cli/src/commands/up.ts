// slipway up and slipway worker: the long-running processes.

import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { isAtTerminal } from '../is-at-terminal.ts'
import { settingsOrThrow } from '../with-runtime.ts'

export async function up(options: { port?: number; role?: 'all' | 'api' | 'worker' }): Promise<ExitCode> {
  const settings = await settingsOrThrow()
  const { startServer } = await import('@slipway/server/start-server')
  const { buildPages } = await import('@slipway/server/web/built-pages')
  const role = options.role ?? settings.role
  if (role !== 'worker') await buildPages()
  const server = await startServer({ ...settings, role, http: { ...settings.http, port: options.port ?? settings.http.port } })
  // Who waits for the words below may end it at once.
  const ended = endSignal()
  if (server.url !== null) {
    process.stdout.write(`Slipway listens on ${server.url}\nOpen it in a browser; the API wants the token from ${server.tokenPath}\n`)
  } else {
    process.stdout.write(`Slipway works on sessions of ${settings.home}\n`)
  }
  process.stdout.write('Ctrl-C ends it; sessions go on where they were at the next start.\n')
  await ended
  process.stderr.write('slipway: handing sessions back …\n')
  await server.close()
  return exitCodes.asAsked
}

/** A second signal leaves without waiting: leases run out by themselves. */
function endSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isEnding = false
    function end(): void {
      if (isEnding) process.exit(exitCodes.failed)
      isEnding = true
      resolve()
    }
    process.on('SIGINT', end)
    process.on('SIGTERM', end)
    if (isAtTerminal()) process.on('SIGHUP', end)
  })
}

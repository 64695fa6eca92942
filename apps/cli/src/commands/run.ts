// slipway run: one session in the foreground.

import type { SandboxBackendName } from '@slipway/core/events'
import { asLocal } from '@slipway/server/auth/ports-for'
import type { ExitCode } from '../exit-codes.ts'
import { openTerminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

export interface RunOptions {
  repo: string
  task: string
  title?: string
  model?: string
  fallback?: string
  base?: string
  check: string[]
  budget?: number
  auto?: boolean
  approve?: boolean
  sandbox?: SandboxBackendName
  json?: boolean
}

export function run(options: RunOptions): Promise<ExitCode> {
  const terminal = openTerminal(options.json ? 'quiet' : 'people')
  const checking = () => import('./run-request.ts')
  const intake = () => import('@slipway/server/intake/create-session')
  const watching = () => import('../session/watch-here.ts')
  return withRuntime(
    async (runtime) => {
      const { runRequest } = await checking()
      const request = runRequest(options)
      runtime.sandboxes.warmUp(request.sandbox ?? runtime.settings.sandbox.backend)
      const { createSession } = await intake()
      const { sessionId } = await createSession(
        { ...asLocal(runtime.ports), settings: runtime.settings },
        {
          request,
          source: 'cli',
          folder: process.cwd(),
          idempotencyKey: null,
          // Driven here: a server that shares this home may lack the keys of this terminal.
          wake: 'no',
        },
      )
      const { watchHere } = await watching()
      return watchHere({ runtime, sessionId, terminal, after: 0, format: options.json ? 'json' : 'people' })
    },
    [checking, intake, watching],
  )
}

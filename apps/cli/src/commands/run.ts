// slipway run: one session in the foreground.

import type { Autonomy, SandboxBackendName } from '@slipway/core/events'
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
  const intake = () => import('@slipway/server/intake/create-session')
  const watching = () => import('../session/watch-here.ts')
  return withRuntime(
    async (runtime) => {
      runtime.sandboxes.warmUp(options.sandbox ?? null)
      const { createSession } = await intake()
      const { sessionId } = await createSession(
        { ...runtime.ports, settings: runtime.settings },
        {
          request: {
            task: options.task,
            repository: options.repo,
            base: options.base,
            title: options.title,
            model: options.model,
            fallback: options.fallback,
            checks: options.check.length === 0 ? undefined : options.check,
            budgetUsd: options.budget,
            autonomy: autonomyOf(options),
            sandbox: options.sandbox,
          },
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
    [intake, watching],
  )
}

function autonomyOf({ auto, approve }: RunOptions): Autonomy {
  if (approve) return 'ask'
  return auto ? 'auto' : 'plan'
}

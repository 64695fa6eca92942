// An installation in one folder, with nothing of it in this process: its parts run as processes of their own and can all be ended.

import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { SessionEvent } from '@slipway/core/events'
import { asLocal } from '@slipway/server/auth/ports-for'
import { createSession } from '@slipway/server/intake/create-session'
import { openRuntime, type Runtime } from '@slipway/server/runtime'
import { readSettings, type Settings } from '@slipway/server/settings'
import { environmentFor } from '../../doubles/models/environment.ts'
import { startModelDouble } from '../../doubles/models/server.ts'
import { makeStoryRepository } from '../kill/story.ts'
import { startWorkerProcess, type WorkerProcess } from '../kill/worker-process.ts'
import { check, task, tellAgain } from './story.ts'

export interface Installation {
  /** Where the repository of a session with this name is. */
  repository(name: string): string
  /** Resolves with the session's id. */
  create(name: string): Promise<string>
  read(sessionId: string): Promise<SessionEvent[]>
  /** With the database and everything else open in this process, for as long as `work` takes. */
  within<T>(work: (runtime: Runtime) => Promise<T>): Promise<T>
  startWorker(onChange: () => void): WorkerProcess
  close(): Promise<void>
}

/** `home` and `sandboxes` are its folders; `cache` may outlive it. */
export async function makeInstallation(folders: {
  home: string
  sandboxes: string
  repositories: string
  cache: string
  variables?: Record<string, string>
}): Promise<Installation> {
  const model = await startModelDouble({ api: 'anthropic', brain: tellAgain })
  const { variables, model: modelName } = environmentFor('anthropic', model)
  const environment: Record<string, string> = {
    PATH: process.env['PATH'] ?? '',
    HOME: folders.home,
    SLIPWAY_HOME: folders.home,
    SLIPWAY_SANDBOX_STATE: folders.sandboxes,
    SLIPWAY_SANDBOX: 'bubblewrap',
    SLIPWAY_LOG_LEVEL: 'warn',
    NODE_COMPILE_CACHE: folders.cache,
    SLIPWAY_MODEL: modelName,
    ...variables,
    ...folders.variables,
  }
  const settings = settingsOf(environment)
  const repository = (name: string): string => join(folders.repositories, name)

  async function within<T>(work: (runtime: Runtime) => Promise<T>): Promise<T> {
    const runtime = await openRuntime(settings, { environment })
    try {
      return await work(runtime)
    } finally {
      await runtime.close()
    }
  }

  return {
    repository,
    within,
    create: (name) =>
      within(async (runtime) => {
        await mkdir(folders.repositories, { recursive: true })
        await makeStoryRepository(repository(name))
        // It was there long before.
        await promisify(execFile)('sync', ['--file-system', repository(name)])
        const { sessionId } = await createSession(
          { ...asLocal(runtime.ports), settings },
          {
            request: { task, title: name, repository: repository(name), checks: [check], autonomy: 'auto' },
            source: 'api',
            folder: null,
            idempotencyKey: null,
            wake: 'now',
          },
        )
        return sessionId
      }),
    read: (sessionId) => within(({ ports }) => ports.log.read({ sessionId, after: 0 })),
    startWorker: (onChange) => startWorkerProcess(environment, onChange),
    close: () => model.close(),
  }
}

function settingsOf(environment: Record<string, string>): Settings {
  const read = readSettings(environment)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  return read.settings
}

// Starts the application in an open sandbox and waits until it listens.

import { type Clock, type Sandbox, SandboxLost, type SandboxProcess } from '@slipway/core/ports'
import { detectPreview, PREVIEW_FILES, PREVIEW_PORT, type PreviewPlan } from '@slipway/sandbox/setup/detect-preview'

const LOOK_EVERY_MS = 250
const LARGEST_FILE = 256 * 1024

/**
 * What the command finds: a port to listen on, nobody to open a window for, no belief that it runs in continuous integration,
 * and no reason for npm to ask for news of itself, which would be told as a blocked request.
 */
const ENVIRONMENT = { PORT: String(PREVIEW_PORT), HOST: '127.0.0.1', BROWSER: 'none', CI: '', NPM_CONFIG_UPDATE_NOTIFIER: 'false' }

/** Reads the work tree as it is now, so that what the agent wrote counts. */
export async function planPreview(sandbox: Sandbox): Promise<ReturnType<typeof detectPreview>> {
  const files = new Map<string, string>()
  for (const path of PREVIEW_FILES) {
    const read = await sandbox.readFile(path, { maxBytes: LARGEST_FILE })
    if (read.ok) files.set(path, Buffer.from(read.bytes).toString('utf8'))
  }
  return detectPreview(files)
}

export interface Application {
  port: number
  process: SandboxProcess
}

export interface StartInput {
  sandbox: Sandbox
  plan: Pick<PreviewPlan, 'command' | 'port'>
  clock: Clock
  deadlineMs: number
  signal: AbortSignal
  onOutput(text: string): void
}

/** Throws SandboxLost. A command that ends, or does not listen in time, is told in words and leaves nothing running. */
export async function startApplication(
  input: StartInput,
): Promise<{ ok: true; application: Application } | { ok: false; message: string }> {
  const { sandbox, plan, clock, signal } = input
  const before = new Set(await sandbox.listeningPorts())
  if (plan.port !== null && before.has(plan.port)) return { ok: false, message: `Something listens on port ${plan.port} already.` }
  const decoder = new TextDecoder()
  const process = await sandbox.start({
    argv: ['bash', '-c', plan.command],
    env: ENVIRONMENT,
    signal,
    onOutput: (chunk) => input.onOutput(decoder.decode(chunk, { stream: true })),
  })
  let ended: { exitCode: number | null } | null = null
  let loss: unknown = null
  const exited = process.exited.then(
    (result) => void (ended = result),
    (error: unknown) => void (loss = error),
  )
  const giveUpAt = clock.now() + input.deadlineMs
  for (;;) {
    const port = (await sandbox.listeningPorts()).find((each) => (plan.port === null ? !before.has(each) : each === plan.port))
    if (port !== undefined) return { ok: true, application: { port, process } }
    if (loss instanceof SandboxLost) throw loss
    if (ended !== null) return { ok: false, message: endOf(ended) }
    if (signal.aborted) {
      await process.kill()
      return { ok: false, message: 'It was stopped before it listened.' }
    }
    if (clock.now() >= giveUpAt) {
      await process.kill()
      const where = plan.port === null ? 'on any port' : `on port ${plan.port}`
      return { ok: false, message: `The command runs, but has not listened ${where} for ${input.deadlineMs / 1000} seconds.` }
    }
    await Promise.race([clock.sleep(LOOK_EVERY_MS, signal), exited])
  }
}

export function endOf({ exitCode }: { exitCode: number | null }): string {
  return exitCode === null ? 'The command was ended.' : `The command ended with exit code ${exitCode}.`
}

// Puts one sandbox together: a launched runner, its channel, its proxy, its checkpoints.

import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Clock, Sandbox, SandboxSpec } from '@slipway/core/ports'
import { type Backend, type Launched, LaunchFailed } from './backend.ts'
import { checkpoints } from './checkpoints/checkpoints.ts'
import type { Look } from './checkpoints/unchanged.ts'
import { type Egress, openEgress } from './egress/proxy.ts'
import type { Resolve } from './egress/gate.ts'
import { type Channel, openChannel } from './runner-host/channel.ts'
import { type CommandContext, startCommand } from './runner-host/command.ts'
import { connectTo } from './runner-host/connect-to.ts'
import { channelFiles } from './runner-host/files.ts'

const READY_LIMIT_MS = 20_000
const MEASURE_EVERY_MS = 2_000
/** A walk over more would take longer than the snapshot it may save. */
const FINGERPRINT_ENTRIES = 4_000

export interface AssembleInput {
  backend: Backend
  spec: SandboxSpec
  clock: Clock
  resolve: Resolve
  allowPrivate: string[]
  /** Owner of the proxy's socket; null leaves it with the host's user. */
  socketOwner: { uid: number; gid: number } | null
  onClosed(sandbox: Sandbox): void
  /** Deletes the work tree once the sandbox has ended, unless another one has taken it over by then. */
  deleteWorkTree(sandbox: Sandbox, workspace: string, ended: Promise<void>): Promise<void>
}

export interface Assembled {
  sandbox: Sandbox
  /** Gives an unused sandbox to another workspace and session. Its id, limits and backend stay. */
  become(next: Pick<SandboxSpec, 'workspace' | 'sessionId' | 'egress' | 'phase' | 'onEgress' | 'assertHeld'>): void
}

/** Resolves when the runner answers. Throws LaunchFailed. */
export async function assembleSandbox(input: AssembleInput): Promise<Assembled> {
  const { backend } = input
  const spec = { ...input.spec }
  const socketPath = join(await backend.socketDirectory(spec.sandboxId), 'egress.sock')
  const egress = await openEgress({
    socketPath,
    owner: input.socketOwner,
    policy: spec.egress,
    phase: spec.phase,
    allowPrivate: input.allowPrivate,
    resolve: input.resolve,
    clock: input.clock,
    onDecision: (decision) => spec.onEgress(decision),
  })
  try {
    return await launch({ ...input, spec }, egress, socketPath)
  } catch (error) {
    await closeEgress(egress, socketPath)
    throw error
  }
}

async function launch(input: AssembleInput, egress: Egress, socketPath: string): Promise<Assembled> {
  const { backend, spec } = input
  const launched = await backend.launch({
    sandboxId: spec.sandboxId,
    workspace: spec.workspace,
    limits: spec.limits,
    egressSocket: socketPath,
    assertHeld: spec.assertHeld,
  })
  const channel = openChannel({
    sandboxId: spec.sandboxId,
    input: launched.input,
    output: launched.output,
    onViolation: (reason) => void launched.kill(reason),
  })
  const gone = launched.exited.then((reason) => channel.lose(reason))
  const deadline = setTimeout(() => void launched.kill(`the runner did not answer within ${READY_LIMIT_MS / 1000} s`), READY_LIMIT_MS)
  try {
    await channel.ready
  } catch (error) {
    throw new LaunchFailed(error instanceof Error ? error.message : String(error))
  } finally {
    clearTimeout(deadline)
  }

  const context: CommandContext = {
    channel,
    abandon: (reason) => {
      channel.lose(reason)
      void launched.kill(reason)
    },
    oomKills: async () => (await launched.oomKills()) ?? Number((await channel.call('oom-kills', {})).result['count']),
  }
  const measuring = watchUsage(launched, channel)
  let closing: Promise<void> | null = null
  const end = async (): Promise<void> => {
    await launched.kill('the sandbox was closed')
    await gone
    clearInterval(measuring)
    await backend.release(spec.workspace)
    await closeEgress(egress, socketPath)
    input.onClosed(sandbox)
  }
  // Whatever ends the runner also ends its network.
  void gone.then(() => {
    closing ??= end()
  })

  const sandbox: Sandbox = {
    id: spec.sandboxId,
    backend: backend.name,
    root: launched.root,
    async exec(exec) {
      const started = await startCommand(context, { ...exec, env: { ...launched.environment, ...exec.env }, stdin: exec.stdin ?? null })
      return started.exited
    },
    start: (start) => startCommand(context, { ...start, env: { ...launched.environment, ...start.env }, stdin: 'open', timeoutMs: null }),
    ...channelFiles(channel),
    ...connectTo({ channel, hasOwnNetwork: backend.hasOwnNetwork }),
    ...checkpoints({
      backend,
      workspace: () => spec.workspace,
      limits: spec.limits,
      look: lookThrough(channel),
      assertHeld: () => spec.assertHeld?.(),
    }),
    async setEgress(policy, phase) {
      egress.setPolicy(policy, phase)
    },
    async close(options) {
      closing ??= end()
      if (options.deleteWorkspace) await input.deleteWorkTree(sandbox, spec.workspace, closing)
      await closing
    },
  }
  return {
    sandbox,
    become({ workspace, sessionId, egress: policy, phase, onEgress, assertHeld }) {
      Object.assign(spec, { workspace, sessionId, onEgress, assertHeld })
      egress.setPolicy(policy, phase)
    },
  }
}

function lookThrough(channel: Channel): Look {
  return async ({ skip }) => {
    const { result } = await channel.call('fingerprint', { skip, maxEntries: FINGERPRINT_ENTRIES })
    const { hash, newestMs } = result
    return typeof hash === 'string' && typeof newestMs === 'number' ? { hash, newestMs } : null
  }
}

async function closeEgress(egress: Egress, socketPath: string): Promise<void> {
  await egress.close()
  rmSync(dirname(socketPath), { recursive: true, force: true })
}

/** Where the work tree has no disk of its own, the runner is asked for its size and the sandbox ended when it is too large. */
function watchUsage(launched: Launched, channel: Channel): NodeJS.Timeout | undefined {
  const limit = launched.diskLimitBytes
  if (limit === null) return undefined
  let isBusy = false
  return setInterval(() => {
    if (isBusy) return
    isBusy = true
    void channel.call('usage', {}).then(
      ({ result }) => {
        isBusy = false
        const used = Number(result['used'])
        if (used > limit) void launched.kill(`the sandbox was ended because its work tree grew to ${used} bytes; the limit is ${limit}`)
      },
      () => undefined,
    )
  }, MEASURE_EVERY_MS)
}

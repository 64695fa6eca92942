// The Sandboxes port: chooses a backend that passed its self-test, keeps one sandbox per workspace, cleans up.

import type { SandboxBackendName } from '@slipway/core/events'
import type { Clock, Sandbox, Sandboxes, SandboxSpec, SelfTest } from '@slipway/core/ports'
import { type Assembled, assembleSandbox } from './assemble.ts'
import { type Backend, LaunchFailed } from './backend.ts'
import { bubblewrapBackend } from './bubblewrap/backend.ts'
import { readCheckpoint } from './checkpoints/read-checkpoint.ts'
import { dockerApi } from './docker/api.ts'
import { dockerBackend } from './docker/backend.ts'
import { hostWorkspaces, volumeWorkspaces } from './docker/workspaces.ts'
import { resolveBySystem, type Resolve } from './egress/gate.ts'
import { startTicks } from './host/owner.ts'
import { openState, partState, type State } from './host/state.ts'
import { installTools, type Tools } from './host/tools.ts'
import { openCgroups } from './limits/cgroup.ts'
import { canMountImages, forgetMounts } from './limits/disk.ts'
import { noSandboxes } from './no-sandboxes.ts'
import { type SandboxSettings, sandboxSettings } from './settings.ts'
import { keepSpare, type Spare } from './spare.ts'
import { processBackend } from './unsafe-process/backend.ts'

export interface OpenSandboxesInput {
  /** SLIPWAY_HOME. */
  home: string
  environment: Record<string, string | undefined>
  clock: Clock
  /** How the egress proxy resolves names; the system's way when left out. */
  resolve?: Resolve
  /** Keeps a sandbox ready for the next session, where the backend can do that. For processes that stay. */
  keepsSpare?: boolean
  /** This machine's when left out. */
  platform?: NodeJS.Platform
}

export interface OpenedSandboxes extends Sandboxes {
  settings: SandboxSettings
  /** Resolves when no spare sandbox is being prepared any more. */
  spareSettled(): Promise<void>
}

/** Best first. */
const PREFERENCE: SandboxBackendName[] = ['docker', 'bubblewrap', 'process']

/** Prepares the backends of this machine. Sandboxes left over from an earlier process of the same home are ended. */
export async function openSandboxes(input: OpenSandboxesInput): Promise<OpenedSandboxes> {
  const settings = sandboxSettings(input.environment)
  const { platform = process.platform } = input
  if (platform !== 'linux') return noSandboxes({ platform, settings })
  const state = openState({ home: input.home, settings })
  const trying = canMountImages(state)
  const installing = installTools(`${state.root}/tools`, input.environment['PATH'] ?? '')
  // Both may fail, on a full disk: neither goes unheard, nor on behind the caller's back.
  await Promise.allSettled([trying, installing])
  const mayMount = await trying
  const tools = await installing
  const cgroups = openCgroups(state.installation)
  const backends = new Map<SandboxBackendName, Backend>()
  backends.set('docker', openDocker({ state, tools, mayMount, settings }))
  backends.set('bubblewrap', bubblewrapBackend({ state, tools, cgroups, canMountImages: mayMount }))
  if (settings.allowUnsafeProcess) backends.set('process', processBackend({ state, tools }))
  await Promise.all([...backends.values()].map((backend) => backend.sweep().catch(() => undefined)))

  const live = new Map<string, Sandbox>()
  /** The last that was begun for a workspace: starts and deletions follow one another. */
  const turns = new Map<string, Promise<void>>()
  const spares = new Map<SandboxBackendName, Spare>()
  /** What was chosen when nothing was wanted. */
  let usual: SandboxBackendName | null = null
  const tests = new Map<SandboxBackendName, Promise<SelfTest>>()
  let isClosed = false

  function test(name: SandboxBackendName): Promise<SelfTest> {
    const known = tests.get(name)
    if (known) return known
    const fresh = (backends.get(name) as Backend).selfTest()
    tests.set(name, fresh)
    // A failure may be mended while we run; only a pass is remembered.
    void fresh.then(
      (result) => {
        if (result.ok) return
        tests.delete(name)
        if (result.findings.some(({ ok, message }) => !ok && /mount|mkfs/.test(message))) forgetMounts(state)
      },
      () => tests.delete(name),
    )
    return fresh
  }

  const selfTests = (): Promise<SelfTest[]> => Promise.all(names().map(test))
  const names = (): SandboxBackendName[] => PREFERENCE.filter((name) => backends.has(name))

  async function choose(
    wanted: SandboxBackendName | null,
  ): Promise<{ ok: true; backend: Backend } | { ok: false; kind: 'none' | 'unsafe'; message: string }> {
    if (wanted !== null && !backends.has(wanted))
      return { ok: false, kind: 'none', message: `the backend ${wanted} is not available here; there is: ${names().join(', ')}` }
    const failures: string[] = []
    for (const name of wanted === null ? names() : [wanted]) {
      if (isClosed) return { ok: false, kind: 'none', message: 'the sandboxes are closed' }
      const result = await test(name)
      if (result.ok) return { ok: true, backend: backends.get(name) as Backend }
      const broken = result.findings.filter((finding) => !finding.ok).map((finding) => `${finding.message} (fix: ${finding.fix})`)
      failures.push(`${name}: ${broken.join('; ')}`)
    }
    return { ok: false, kind: wanted === null ? 'none' : 'unsafe', message: `no sandbox can be used. ${failures.join('. ')}` }
  }

  function inTurn<T>(workspace: string, job: () => Promise<T>): Promise<T> {
    const mine = (turns.get(workspace) ?? Promise.resolve()).then(job)
    const settled = mine.then(
      () => undefined,
      () => undefined,
    )
    turns.set(workspace, settled)
    void settled.then(() => {
      if (turns.get(workspace) === settled) turns.delete(workspace)
    })
    return mine
  }

  const create = (wanted: SandboxBackendName | null, spec: SandboxSpec): ReturnType<Sandboxes['create']> =>
    inTurn(spec.workspace, () => createAlone(wanted, spec))

  async function createAlone(wanted: SandboxBackendName | null, spec: SandboxSpec): ReturnType<Sandboxes['create']> {
    await live.get(spec.workspace)?.close({ deleteWorkspace: false })
    spec.assertHeld?.()
    const likely = backends.get(wanted ?? usual ?? (names()[0] as SandboxBackendName))
    const ready = likely === undefined ? null : (spares.get(likely.name)?.take(spec) ?? null)
    if (likely !== undefined && ready !== null) return opened(likely, spec, ready)
    // The likely backend comes up while its self-test runs; nothing but our own runner is in it before that has passed.
    const early = likely === undefined ? null : start(likely, spec)
    const chosen = await choose(wanted)
    if (chosen.ok && wanted === null) usual = chosen.backend.name
    if (chosen.ok && chosen.backend === likely && early !== null) return settle(likely, spec, await early)
    const unwanted = await early
    if (unwanted?.ok) await unwanted.sandbox.close({ deleteWorkspace: false })
    return chosen.ok ? settle(chosen.backend, spec, await start(chosen.backend, spec)) : chosen
  }

  type Started = { ok: true; sandbox: Sandbox } | { ok: false; error: unknown }

  function assemble(backend: Backend, spec: SandboxSpec, onGone: () => void = () => undefined): Promise<Assembled> {
    return assembleSandbox({
      backend,
      spec,
      clock: input.clock,
      resolve: input.resolve ?? resolveBySystem,
      allowPrivate: settings.allowPrivate,
      socketOwner: state.isRoot && backend.name === 'bubblewrap' ? state : null,
      onClosed: (closed) => {
        for (const [workspace, sandbox] of live) if (sandbox === closed) live.delete(workspace)
        onGone()
      },
      deleteWorkTree: (sandbox, workspace, ended) =>
        inTurn(workspace, async () => {
          await ended
          const successor = live.get(workspace)
          if (successor === undefined || successor === sandbox) await backend.deleteWorkspace(workspace, { keepCheckpoints: true })
        }),
    })
  }

  function start(backend: Backend, spec: SandboxSpec): Promise<Started> {
    return assemble(backend, spec).then(
      ({ sandbox }) => ({ ok: true, sandbox }),
      (error: unknown) => ({ ok: false, error }),
    )
  }

  function settle(backend: Backend, spec: SandboxSpec, started: Started): Awaited<ReturnType<Sandboxes['create']>> {
    if (started.ok) return opened(backend, spec, started.sandbox)
    if (started.error instanceof LaunchFailed) return { ok: false, kind: 'failed', message: started.error.message }
    throw started.error
  }

  function opened(backend: Backend, spec: SandboxSpec, sandbox: Sandbox): { ok: true; sandbox: Sandbox } {
    live.set(spec.workspace, sandbox)
    spareOf(backend)?.prepare(spec.limits)
    return { ok: true, sandbox }
  }

  async function listed(backend: Backend): Promise<string[]> {
    const all = await backend.listWorkspaces().catch(() => [])
    return all.filter((workspace) => ![...spares.values()].some((spare) => spare.isSpare(workspace)) && !isTestUnderWay(workspace))
  }

  function spareOf(backend: Backend): Spare | null {
    if (!input.keepsSpare || backend.rename === undefined) return null
    const known = spares.get(backend.name)
    if (known) return known
    const spare = keepSpare({
      assemble: (spec, onGone) => assemble(backend, spec, onGone),
      rename: (from, to) => backend.rename?.(from, to) ?? false,
      remove: (workspace) => backend.deleteWorkspace(workspace, { keepCheckpoints: false }),
    })
    spares.set(backend.name, spare)
    return spare
  }

  return {
    settings,
    selfTests,
    async spareSettled() {
      await Promise.all([...spares.values()].map((spare) => spare.settled()))
    },
    create,
    warmUp: (backend) => void choose(backend).catch(() => undefined),
    async reap(findOrphans) {
      const found = await Promise.all([...backends.values()].map(async (backend) => ({ backend, workspaces: await listed(backend) })))
      const orphans = new Set(await findOrphans([...new Set(found.flatMap(({ workspaces }) => workspaces))]))
      for (const { backend, workspaces } of found)
        for (const workspace of workspaces.filter((each) => orphans.has(each)))
          await inTurn(workspace, async () => {
            await live.get(workspace)?.close({ deleteWorkspace: false })
            await backend.deleteWorkspace(workspace, { keepCheckpoints: false })
          })
      return orphans.size
    },
    copyCheckpoints: async ({ backend, from, to }) => (await backends.get(backend)?.copyCheckpoints(from, to)) ?? false,
    async readCheckpoint({ backend, workspace, checkpoint }) {
      const found = backends.get(backend)
      return found === undefined ? null : readCheckpoint({ backend: found, workspace, checkpoint })
    },
    async close() {
      isClosed = true
      // What is still coming up would stay behind, with its disk mounted.
      await Promise.allSettled([...tests.values(), ...turns.values()])
      await Promise.all([...spares.values()].map((spare) => spare.close()))
      await Promise.all([...live.values()].map((sandbox) => sandbox.close({ deleteWorkspace: false })))
      await Promise.all([...backends.values()].map((backend) => backend.close()))
      await cgroups?.close()
    },
  }
}

/** Whether it is the workspace of a self-test whose process still lives. */
function isTestUnderWay(workspace: string): boolean {
  const pid = /^self-test-(\d+)$/.exec(workspace)?.[1]
  return pid !== undefined && startTicks(Number(pid)) !== null
}

/** In a container uid 1000 is uid 1000 of the host, so docker's work trees lie apart from bubblewrap's. */
function openDocker(input: { state: State; tools: Tools; mayMount: boolean; settings: SandboxSettings }): Backend {
  const api = dockerApi(input.settings.dockerSocket)
  const state = partState(input.state, 'docker', { uid: 1000, gid: 1000 })
  const workspaces = input.mayMount ? hostWorkspaces(state) : volumeWorkspaces(api, state.installation)
  return dockerBackend({ api, state, tools: input.tools, workspaces, image: input.settings.image, runtime: input.settings.dockerRuntime })
}

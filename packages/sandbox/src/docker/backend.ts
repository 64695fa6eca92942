// The docker backend: one hardened container per sandbox, spoken to over its standard input and output.

import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import {
  type Backend,
  type Launched,
  LaunchFailed,
  type LaunchInput,
  READING_LIMITS,
  type ThrowAway,
  type ThrowAwayResult,
} from '../backend.ts'
import { commandEnvironment, hostCaFile, PROXY_PORT, RUNNER_ENVIRONMENT, STORE, WORK } from '../bubblewrap/arguments.ts'
import { isOwnerAlive, ownerMark } from '../host/owner.ts'
import { type State, workspaceKey } from '../host/state.ts'
import type { Tools } from '../host/tools.ts'
import { type Channel, openChannel } from '../runner-host/channel.ts'
import type { DockerApi } from './api.ts'
import { containerConfig, type ContainerMount } from './container.ts'
import { demultiplex } from './demultiplex.ts'
import { dockerSelfTest } from './self-test.ts'
import type { DockerWorkspaces, OpenWorkspace } from './workspaces.ts'

const SOCKETS = '/run/slipway'
const CA_FILE = '/opt/ca-certificates.crt'
const NODE = '/opt/node/bin/node'
const RUNNER = '/opt/slipway/main.cjs'

export interface DockerInput {
  api: DockerApi
  state: State
  tools: Tools
  workspaces: DockerWorkspaces
  image: string
  runtime: string | null
}

interface Container {
  id: string
  stdin: Duplex
  stdout: Launched['output']
  errors(): string
  exited: Promise<number | null>
  kill(): Promise<void>
}

/** A backend on the daemon behind `api`. Containers of this home whose owner died are removed. */
export function dockerBackend(input: DockerInput): Backend {
  const { api, state, tools, workspaces } = input
  // A company's own authority is known to the host, not to an image.
  const caFile = hostCaFile()
  const keepers = new Map<string, Promise<{ container: Container; channel: Channel }>>()
  /** For each workspace, what resolves when the disks that its containers had have been let go of. */
  const leaving = new Map<string, Set<Promise<void>>>()
  const labels = (workspace: string): Record<string, string> => ({
    'slipway.installation': state.installation,
    'slipway.workspace': workspace,
    'slipway.owner': ownerMark(),
  })
  const common: ContainerMount[] = [
    { type: 'bind', from: tools.node, to: '/opt/node', access: 'read-only' },
    { type: 'bind', from: tools.runner, to: '/opt/slipway', access: 'read-only' },
    ...(caFile ? [{ type: 'bind' as const, from: caFile, to: CA_FILE, access: 'read-only' as const }] : []),
  ]

  async function start(workspace: string, limits: LaunchInput['limits'], mounts: ContainerMount[], argv: string[]): Promise<Container> {
    const config = containerConfig({
      image: input.image,
      runtime: input.runtime,
      labels: labels(workspace),
      mounts: [...common, ...mounts],
      limits,
      environment: RUNNER_ENVIRONMENT,
      argv,
    })
    try {
      const { Id: id } = (await api.call('POST', '/containers/create', config)) as { Id: string }
      return await run(id)
    } catch (error) {
      throw new LaunchFailed(error instanceof Error ? error.message : String(error), { cause: error })
    }
  }

  async function run(id: string): Promise<Container> {
    const remove = (): Promise<unknown> => api.call('DELETE', `/containers/${id}?force=1&v=1`).catch(() => undefined)
    try {
      const stream = await api.attach(id)
      const { stdout, errors } = demultiplex(stream)
      // The daemon removes the container when it ends, also when we are not there any more to ask for it.
      const exited = api.call('POST', `/containers/${id}/wait?condition=removed`, undefined, { timeoutMs: 0 }).then(
        (answer) => Number((answer as { StatusCode?: number } | null)?.StatusCode ?? -1),
        () => null,
      )
      await api.call('POST', `/containers/${id}/start`)
      return {
        id,
        stdin: stream,
        stdout,
        errors,
        exited,
        async kill() {
          await remove()
          await exited
        },
      }
    } catch (error) {
      await remove()
      throw error
    }
  }

  /** A new volume belongs to root; hand it over before anything of ours runs on it. */
  async function prepareVolumes(workspace: string, limits: LaunchInput['limits'], mounts: ContainerMount[]): Promise<void> {
    const config = containerConfig({
      image: input.image,
      runtime: input.runtime,
      labels: labels(workspace),
      mounts,
      limits,
      environment: {},
      argv: ['chown', '1000:1000', WORK, STORE],
    })
    const { Id: id } = (await api.call('POST', '/containers/create', {
      ...config,
      User: '0:0',
      HostConfig: { ...(config['HostConfig'] as object), CapAdd: ['CHOWN'] },
    })) as { Id: string }
    const container = await run(id)
    await container.exited
  }

  async function open(workspace: string, limits: LaunchInput['limits']): Promise<OpenWorkspace> {
    const opened = await workspaces.open(workspace, limits.diskBytes)
    if (opened.isNew) await prepareVolumes(workspace, limits, [opened.tree, opened.store])
    return opened
  }

  /** Starts a container on an open workspace, which is let go of when the container has ended, or does not start. */
  async function startOn(workspace: string, { release }: OpenWorkspace, begin: () => Promise<Container>): Promise<Container> {
    const container = await begin().catch(async (error: unknown) => {
      await release()
      throw error
    })
    const left = container.exited.then(release)
    const those = leaving.get(workspace) ?? new Set()
    leaving.set(workspace, those.add(left))
    void left.finally(() => {
      those.delete(left)
      if (those.size === 0) leaving.delete(workspace)
    })
    return container
  }

  async function removeContainers(filter: (labels: Record<string, string>) => boolean): Promise<void> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`slipway.installation=${state.installation}`] }))
    const found = (await api.call('GET', `/containers/json?all=1&filters=${filters}`)) as { Id: string; Labels: Record<string, string> }[]
    await Promise.all(
      found
        .filter((each) => filter(each.Labels))
        .map((each) => api.call('DELETE', `/containers/${each.Id}?force=1&v=1`).catch(() => undefined)),
    )
  }

  /** Checkpoints come often and a container takes a while, so one with a read-only work tree is kept; only git ever runs in it. */
  function keeper(job: ThrowAway): Promise<{ container: Container; channel: Channel }> {
    const key = `${job.workspace}:${job.workTree}`
    const known = keepers.get(key)
    if (known) return known
    const fresh = (async () => {
      const opened = await open(job.workspace, job.limits)
      const mounts = [{ ...opened.tree, access: job.workTree }, opened.store]
      const container = await startOn(job.workspace, opened, () => start(job.workspace, job.limits, mounts, [NODE, RUNNER, WORK]))
      const channel = openChannel({
        sandboxId: job.workspace,
        input: container.stdin,
        output: container.stdout,
        onViolation: () => void container.kill(),
      })
      void container.exited.then((code) => {
        keepers.delete(key)
        channel.lose(`the checkpoint container ended (exit code ${code}) ${container.errors()}`)
      })
      await channel.ready
      return { container, channel }
    })()
    keepers.set(key, fresh)
    fresh.catch(() => keepers.delete(key))
    return fresh
  }

  async function release(workspace: string): Promise<void> {
    for (const [key, kept] of [...keepers]) {
      if (!key.startsWith(`${workspace}:`)) continue
      keepers.delete(key)
      await kept.then(
        ({ container }) => container.kill(),
        () => undefined,
      )
    }
    await Promise.all([...(leaving.get(workspace) ?? [])])
  }

  const backend: Backend = {
    name: 'docker',
    hasOwnNetwork: true,

    async socketDirectory(sandboxId) {
      const outer = join(state.root, 'run', workspaceKey(sandboxId).slice(0, 12))
      const inner = join(outer, 's')
      mkdirSync(inner, { recursive: true })
      // The daemon binds the inner directory; on the way to it nobody else passes the outer one.
      chmodSync(outer, 0o700)
      chmodSync(inner, 0o755)
      return inner
    },

    selfTest: () => dockerSelfTest({ api, backend, image: input.image, runtime: input.runtime }),

    async launch(launch): Promise<Launched> {
      launch.assertHeld?.()
      await removeContainers((each) => each['slipway.workspace'] === launch.workspace)
      // Before the disk is marked as this process's, too.
      launch.assertHeld?.()
      const opened = await open(launch.workspace, launch.limits).catch((error: Error) => {
        throw new LaunchFailed(error.message, { cause: error })
      })
      const mounts = [opened.tree]
      const argv = [NODE, RUNNER, WORK]
      if (launch.egressSocket) {
        mounts.push({ type: 'bind', from: join(launch.egressSocket, '..'), to: SOCKETS, access: 'read-only' })
        argv.push(String(PROXY_PORT), `${SOCKETS}/egress.sock`)
      }
      const container = await startOn(launch.workspace, opened, async () => {
        launch.assertHeld?.()
        return start(launch.workspace, launch.limits, mounts, argv)
      })
      let reason: string | null = null
      return {
        input: container.stdin,
        output: container.stdout,
        root: WORK,
        environment: commandEnvironment({ hasProxy: launch.egressSocket !== null, caFile: caFile && CA_FILE }),
        diskLimitBytes: opened.isBounded ? null : launch.limits.diskBytes,
        exited: container.exited.then((code) => {
          if (launch.egressSocket) rmSync(join(launch.egressSocket, '..', '..'), { recursive: true, force: true })
          return (
            reason ??
            `the sandbox's container ended by itself (exit code ${code}${code === 137 ? ', killed or out of memory' : ''}) ${container.errors().trim()}`.trim()
          )
        }),
        async kill(why) {
          reason ??= why
          await container.kill()
        },
        oomKills: async () => null,
      }
    },

    async throwAway(job): Promise<ThrowAwayResult> {
      job.assertHeld?.()
      const { channel } = await keeper(job)
      job.assertHeld?.()
      const script = `WORK=${WORK} STORE=${STORE}\n${job.script}`
      let stdout = ''
      let stderr = ''
      const command = channel.exec(
        {
          argv: ['timeout', String(Math.ceil(job.timeoutMs / 1000)), 'bash', '-c', script],
          cwd: '',
          env: RUNNER_ENVIRONMENT,
          input: false,
        },
        {
          onOutput(chunk, stream) {
            const text = Buffer.from(chunk).toString('utf8')
            if (stream === 'stdout') stdout = (stdout + text).slice(-65_536)
            else stderr = (stderr + text).slice(-65_536)
          },
        },
      )
      const { code } = await command.exited
      // A work tree that can be written is not left lying open.
      if (job.workTree === 'writable') await releaseOne(`${job.workspace}:writable`)
      return { exitCode: code, stdout, stderr }
    },

    async readStore(job) {
      const store = await workspaces.findStore(job.workspace)
      if (store === null) return 'no-store'
      const argv = ['bash', '-c', `STORE=${WORK}\n${job.script}`]
      const container = await start(`read:${job.workspace}`, READING_LIMITS, [{ ...store, to: WORK, access: 'read-only' }], argv)
      container.stdout.on('data', job.onOutput)
      const deadline = setTimeout(() => void container.kill(), job.timeoutMs)
      return container.exited.finally(() => clearTimeout(deadline))
    },

    release,
    async deleteWorkspace(workspace, options) {
      await release(workspace)
      await removeContainers((each) => each['slipway.workspace'] === workspace)
      await workspaces.delete(workspace, options)
    },
    listWorkspaces: () => workspaces.list(),
    copyCheckpoints: (from, to) => workspaces.copyCheckpoints(from, to),
    async sweep() {
      // Containers first: what still runs keeps its work tree mounted.
      await removeContainers((each) => !isOwnerAlive(each['slipway.owner'] ?? ''))
      await workspaces.sweep()
    },
    async close() {
      await Promise.all(
        [...keepers.values()].map((kept) =>
          kept.then(
            ({ container }) => container.kill(),
            () => undefined,
          ),
        ),
      )
      await removeContainers((each) => each['slipway.owner'] === ownerMark()).catch(() => undefined)
      await Promise.all([...leaving.values()].flatMap((those) => [...those]))
    },
  }

  async function releaseOne(key: string): Promise<void> {
    const kept = keepers.get(key)
    keepers.delete(key)
    await kept?.then(
      ({ container }) => container.kill(),
      () => undefined,
    )
  }

  return backend
}

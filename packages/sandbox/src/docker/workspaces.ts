// Where a docker sandbox's files live: where we may mount, a bounded file system of ours that the daemon binds in; else named volumes.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ownedDirectory, type State, workspaceDirectory, workspaceKey } from '../host/state.ts'
import { copyStore } from '../checkpoints/copy-store.ts'
import { closeAbandonedDisks, deleteAbandonedOnce, deleteDisk, openDisk } from '../limits/disk.ts'
import type { DockerApi } from './api.ts'
import type { ContainerMount } from './container.ts'

export interface OpenWorkspace {
  tree: ContainerMount
  store: ContainerMount
  isBounded: boolean
  isNew: boolean
  /** To be called once the container that it was opened for has ended. */
  release(): Promise<void>
}

export interface DockerWorkspaces {
  /** The work tree and the checkpoint store as mounts; `isBounded` when the file system itself is the limit. */
  open(workspace: string, diskBytes: number): Promise<OpenWorkspace>
  /** The checkpoint store alone; null when there is none. */
  findStore(workspace: string): Promise<ContainerMount | null>
  delete(workspace: string, options: { keepCheckpoints: boolean }): Promise<void>
  list(): Promise<string[]>
  copyCheckpoints(from: string, to: string): Promise<boolean>
  /** Takes away what dead processes left mounted; the files stay. */
  sweep(): Promise<void>
}

const WORKSPACE_LABEL = 'slipway.workspace'

/** Directories of the host; the daemon must run on this machine and we must be root. */
export function hostWorkspaces(state: State): DockerWorkspaces {
  const directoryOf = (workspace: string): string => join(state.root, 'workspaces', workspaceKey(workspace))
  return {
    async open(workspace, diskBytes) {
      const directory = workspaceDirectory(state, workspace)
      const disk = await openDisk({ directory, bytes: diskBytes, isBounded: true, owner: state })
      const store = ownedDirectory(join(directory, 'checkpoints'), state)
      return {
        tree: { type: 'bind', from: disk.tree, to: '/work', access: 'writable' },
        store: { type: 'bind', from: store, to: '/store', access: 'writable' },
        isBounded: disk.isBounded,
        isNew: false,
        release: disk.release,
      }
    },
    async findStore(workspace) {
      const store = join(directoryOf(workspace), 'checkpoints')
      return existsSync(store) ? { type: 'bind', from: store, to: '/store', access: 'read-only' } : null
    },
    async delete(workspace, options) {
      await deleteDisk(directoryOf(workspace))
      if (!options.keepCheckpoints) rmSync(directoryOf(workspace), { recursive: true, force: true })
    },
    copyCheckpoints: (from, to) => copyStore(state, from, to),
    async list() {
      return readdirSync(join(state.root, 'workspaces')).flatMap((key) => {
        const name = join(state.root, 'workspaces', key, 'name')
        return existsSync(name) ? [readFileSync(name, 'utf8')] : []
      })
    },
    // The containers of dead processes are gone by now, so nothing runs on what they mounted.
    async sweep() {
      await closeAbandonedDisks(join(state.root, 'workspaces'), () => false)
      await deleteAbandonedOnce(join(state.root, 'workspaces'), () => false)
    },
  }
}

/** Named volumes of the daemon. */
export function volumeWorkspaces(api: DockerApi, installation: string): DockerWorkspaces {
  const nameOf = (workspace: string, part: 'work' | 'store'): string => `slipway-${installation}-${workspaceKey(workspace)}-${part}`
  return {
    async open(workspace) {
      const work = nameOf(workspace, 'work')
      const store = nameOf(workspace, 'store')
      const isNew = await api.call('GET', `/volumes/${work}`).then(
        () => false,
        () => true,
      )
      for (const name of [work, store])
        await api.call('POST', '/volumes/create', {
          Name: name,
          Labels: { 'slipway.installation': installation, [WORKSPACE_LABEL]: workspace },
        })
      return {
        tree: { type: 'volume', from: work, to: '/work', access: 'writable' },
        store: { type: 'volume', from: store, to: '/store', access: 'writable' },
        isBounded: false,
        isNew,
        release: async () => undefined,
      }
    },
    async findStore(workspace) {
      const name = nameOf(workspace, 'store')
      return api.call('GET', `/volumes/${name}`).then(
        () => ({ type: 'volume', from: name, to: '/store', access: 'read-only' }),
        () => null,
      )
    },
    async delete(workspace, options) {
      for (const part of options.keepCheckpoints ? (['work'] as const) : (['work', 'store'] as const)) {
        await api.call('DELETE', `/volumes/${nameOf(workspace, part)}?force=1`).catch(() => undefined)
      }
    },
    // Nothing but a container could reach into a volume; a fork starts from its base commit there.
    copyCheckpoints: async () => false,
    async list() {
      const filters = encodeURIComponent(JSON.stringify({ label: [`slipway.installation=${installation}`] }))
      const answer = (await api.call('GET', `/volumes?filters=${filters}`)) as {
        Volumes: { Labels: Record<string, string> | null }[] | null
      }
      return [...new Set((answer.Volumes ?? []).flatMap((volume) => volume.Labels?.[WORKSPACE_LABEL] ?? []))]
    },
    async sweep() {
      /* nothing is mounted here */
    },
  }
}

// Where the host keeps what sandboxes need. As root it must be a place that the unprivileged sandbox user can reach, so not
// below /root; otherwise it is the home.
//
//   tools/<key>/       node and the compiled runner, read-only for sandboxes
//   workspaces/<key>/  tree (or disk.img mounted on tree), checkpoints, name
//   run/<id>/          the proxy's socket of one sandbox

import { createHash } from 'node:crypto'
import { chmodSync, chownSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { SandboxSettings } from '../settings.ts'

export interface State {
  root: string
  isRoot: boolean
  /** Owner of work trees; the host's own user when it is not root. */
  uid: number
  gid: number
  /** Tells this installation's containers and cgroups from another's. */
  installation: string
}

/** Makes the directories, once. */
export function openState(input: { home: string; settings: SandboxSettings }): State {
  const installation = createHash('sha256').update(input.home).digest('hex').slice(0, 12)
  const isRoot = process.getuid?.() === 0
  const root = isRoot ? (input.settings.stateDirectory ?? join('/var/lib/slipway', installation)) : join(input.home, 'sandboxes')
  const uid = isRoot ? input.settings.uid : (process.getuid?.() ?? 0)
  const gid = isRoot ? input.settings.uid : (process.getgid?.() ?? 0)
  return makeDirectories({ root, isRoot, uid, gid, installation })
}

/** The same, in a directory below, for a backend whose sandboxes have another owner. */
export function partState(state: State, part: string, owner: { uid: number; gid: number }): State {
  return makeDirectories({ ...state, ...owner, root: join(state.root, part) })
}

function makeDirectories(state: State): State {
  for (const part of ['', 'tools', 'workspaces', 'run']) {
    const directory = join(state.root, part)
    const mode = state.isRoot ? 0o711 : 0o700
    // Passing through is allowed to the sandbox user, looking around is not: also in the parents that are made here.
    for (const made of madeOnTheWay(directory)) chmodSync(made, mode)
    chmodSync(directory, mode)
  }
  return state
}

/** Makes the directory and returns those that had to be made for it. */
function madeOnTheWay(directory: string): string[] {
  const first = mkdirSync(directory, { recursive: true })
  const made: string[] = []
  if (first !== undefined) for (let path = resolve(directory); path.length >= first.length; path = dirname(path)) made.push(path)
  return made
}

/** File-system safe, fixed-length name of a workspace. */
export function workspaceKey(workspace: string): string {
  return createHash('sha256').update(workspace).digest('hex').slice(0, 24)
}

/** Directory of one workspace, made on first use. */
export function workspaceDirectory(state: State, workspace: string): string {
  const directory = join(state.root, 'workspaces', workspaceKey(workspace))
  mkdirSync(directory, { recursive: true })
  chmodSync(directory, state.isRoot ? 0o711 : 0o700)
  // An empty one is what a power loss leaves.
  const name = join(directory, 'name')
  if (!existsSync(name) || statSync(name).size === 0) writeFileSync(name, workspace)
  return directory
}

/** A directory that belongs to the sandbox user and nobody else can enter. */
export function ownedDirectory(path: string, owner: { uid: number; gid: number }): string {
  if (!existsSync(path)) mkdirSync(path, { recursive: true, mode: 0o700 })
  // Also when it was there: a crash may have come between the two.
  if (process.getuid?.() === 0 && statSync(path).uid !== owner.uid) chownSync(path, owner.uid, owner.gid)
  return path
}

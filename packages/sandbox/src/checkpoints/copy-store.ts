// Copies a checkpoint store on the host. It is written by throw-away sandboxes only; nothing in it is run or followed here.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../host/run-program.ts'
import { type State, workspaceDirectory, workspaceKey } from '../host/state.ts'

/** False when the workspace has no checkpoints. What `to` had before stays. */
export async function copyStore(state: State, from: string, to: string): Promise<boolean> {
  const source = join(state.root, 'workspaces', workspaceKey(from), 'checkpoints')
  if (!existsSync(source)) return false
  const target = join(workspaceDirectory(state, to), 'checkpoints')
  await runProgram('cp', ['-a', '--no-dereference', '--', `${source}/.`, target], 120_000)
  return true
}

// Files of the server belong to whoever runs it. Other people name them only where a setting has opened a folder to them.

import { realpathSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import type { RepositoryRef } from '@slipway/core/events'
import type { Asker } from '../actions/access.ts'
import { LOCAL_OWNER } from '../auth/person.ts'
import { SlipwayError } from '../errors/slipway-error.ts'

/** Throws SlipwayError when the repository lies on the server, outside of `folders`, and the person does not own the server. Links are followed first. */
export function refuseOthersRepository(person: Pick<Asker, 'ownerId'>, repository: RepositoryRef, folders: readonly string[]): void {
  if (person.ownerId === LOCAL_OWNER || repository.forge !== 'local') return
  const path = realPath(repository.url)
  if (path !== null && folders.some((folder) => isBelow(path, folder))) return
  throw new SlipwayError(
    'forbidden',
    'Repositories on the server itself are for whoever runs it. Name one as owner/name or by its https address, or ask for its folder to be added to SLIPWAY_LOCAL_REPOSITORIES.',
  )
}

/** A script is a file of the server too. */
export function refuseOthersScript(person: Pick<Asker, 'ownerId'>, models: readonly string[], usual: readonly string[]): void {
  if (person.ownerId === LOCAL_OWNER) return
  const script = models.find((model) => model.startsWith('scripted/') && !usual.includes(model))
  if (script !== undefined)
    throw new SlipwayError('forbidden', 'Scripted models read a file on the server, so they are for whoever runs it. Choose another model.')
}

function isBelow(path: string, folder: string): boolean {
  const root = realPath(folder)
  return root !== null && (path === root || path.startsWith(root.endsWith(sep) ? root : root + sep))
}

function realPath(path: string): string | null {
  try {
    return realpathSync(resolve(path.replace(/^file:\/\//, '')))
  } catch {
    return null
  }
}

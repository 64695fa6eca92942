// A session's own bare repository. It borrows the mirror's objects and holds what the session's sandbox offered.

import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ensureBareRepository } from './bare-repository.ts'
import { mirrorPath, quarantinePath } from './host-paths.ts'
import { parseRepositoryUrl } from './repository-url.ts'
import { gitText } from './run-git.ts'

/** Path of the mirror of this address. Throws when the repository was never prepared. */
export async function openMirror(home: string, url: string): Promise<string> {
  const mirror = mirrorPath(home, addressOf(url))
  if (!(await isDirectory(mirror))) throw new Error(`There is no mirror of ${url} yet. The forge has to prepare the repository first.`)
  return mirror
}

/** Path of the session's quarantine, made on first use. */
export async function openQuarantine(input: { home: string; url: string; sessionId: string }): Promise<string> {
  const quarantine = quarantinePath(input.home, input.sessionId)
  if (await isDirectory(quarantine)) return quarantine
  const mirror = await openMirror(input.home, input.url)
  const objectFormat = (await gitText({ args: ['rev-parse', '--show-object-format'], gitDir: mirror })) === 'sha256' ? 'sha256' : 'sha1'
  await ensureBareRepository(quarantine, { objectFormat, borrowFrom: [join(mirror, 'objects')] })
  return quarantine
}

/** The address rules were applied when the mirror was made; here it is only brought into the same form. */
function addressOf(url: string): string {
  const parsed = parseRepositoryUrl(url, { plainHttpHosts: URL.canParse(url) ? [new URL(url).host] : [] })
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.address.url
}

async function isDirectory(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}

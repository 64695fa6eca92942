// What set-up produced (ignored files such as installed packages), kept for the next sandbox with the same inputs.
// The host keeps it as one opaque archive and never unpacks it itself.

import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { once } from 'node:events'
import type { Sandbox } from '@slipway/core/ports'

export interface SetupCache {
  /** Unpacks the archive of this key into the work tree; false when there is none or it does not unpack. */
  restore(sandbox: Sandbox, key: string, signal: AbortSignal): Promise<boolean>
  /** Keeps the ignored files of the work tree. Only for set-up at a base commit: an agent's commit must not feed it. */
  save(sandbox: Sandbox, key: string, signal: AbortSignal): Promise<boolean>
}

const maxArchiveBytes = 2 * 1024 ** 3
const maxCacheBytes = 8 * 1024 ** 3
const timeoutMs = 300_000

const pack = `set -o pipefail; git ls-files -z --others --ignored --exclude-standard --directory | tar --null -T - -cf -`
const unpack = 'tar -xf - --no-same-owner'

/** Archives below `folder`, the least recently used ones removed when there is too much. */
export function openSetupCache(folder: string): SetupCache {
  const pathOf = (key: string): string => join(folder, `${key}.tar`)
  return {
    async restore(sandbox, key, signal) {
      const path = pathOf(key)
      const found = await stat(path).catch(() => null)
      if (!found) return false
      const now = new Date()
      await utimes(path, now, now).catch(() => undefined)
      const result = await sandbox.exec({ argv: ['bash', '-c', unpack], stdin: createReadStream(path), timeoutMs, signal })
      if (result.exitCode === 0) return true
      await rm(path, { force: true })
      return false
    },
    async save(sandbox, key, signal) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const partial = join(folder, `${randomUUID()}.partial`)
      const file = createWriteStream(partial, { mode: 0o600 })
      const tooLarge = new AbortController()
      let bytes = 0
      try {
        const result = await sandbox.exec({
          argv: ['bash', '-c', pack],
          timeoutMs,
          signal: AbortSignal.any([signal, tooLarge.signal]),
          onOutput: async (chunk, stream) => {
            if (stream !== 'stdout') return
            bytes += chunk.length
            if (bytes > maxArchiveBytes) return tooLarge.abort()
            if (!file.write(chunk)) await once(file, 'drain')
          },
        })
        file.end()
        await once(file, 'close')
        if (result.exitCode !== 0 || bytes > maxArchiveBytes) return false
        await rename(partial, pathOf(key))
        await trim(folder)
        return true
      } finally {
        file.destroy()
        await rm(partial, { force: true })
      }
    },
  }
}

/** Same commands, same input files, same backend: same key. */
export function setupKey(parts: { repositoryUrl: string; backend: string; commands: readonly string[]; inputs: readonly { path: string; content: string }[] }): string {
  return createHash('sha256').update(JSON.stringify([1, parts.repositoryUrl, parts.backend, parts.commands, parts.inputs])).digest('hex')
}

async function trim(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.tar'))
  const files = await Promise.all(names.map(async (name) => ({ path: join(folder, name), found: await stat(join(folder, name)) })))
  let total = files.reduce((sum, { found }) => sum + found.size, 0)
  for (const { path, found } of files.sort((a, b) => a.found.mtimeMs - b.found.mtimeMs)) {
    if (total <= maxCacheBytes) return
    await rm(path, { force: true })
    total -= found.size
  }
}

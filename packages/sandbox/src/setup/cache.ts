// Results of set-ups, kept by the host as opaque bytes: a tar archive of the ignored files, made and unpacked inside a sandbox only.

import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { Sandbox } from '@slipway/core/ports'

const LIMIT_BYTES = 1024 * 1024 * 1024
const TOTAL_BYTES = 4 * LIMIT_BYTES
const LIMIT_MS = 300_000

export interface SetupCache {
  /** Unpacks a kept result into the work tree; false when there is none or it does not unpack. */
  restore(sandbox: Sandbox, key: string, signal: AbortSignal): Promise<boolean>
  /** Keeps what git ignores in the work tree, without the repository itself. Failing to keep is no failure. */
  keep(sandbox: Sandbox, key: string, signal: AbortSignal): Promise<boolean>
}

/** `scope` keeps one owner's results from another's: whoever fills an entry decides what runs from it later. */
export function openSetupCache(input: { directory: string; scope: string }): SetupCache {
  const path = (key: string): string => join(input.directory, `${safe(input.scope)}-${safe(key)}.tar.gz`)
  return {
    async restore(sandbox, key, signal) {
      const file = path(key)
      if (
        !(await stat(file).then(
          () => true,
          () => false,
        ))
      )
        return false
      const result = await sandbox.exec({ argv: ['tar', '-xzf', '-'], stdin: createReadStream(file), timeoutMs: LIMIT_MS, signal })
      if (result.exitCode !== 0) {
        await rm(file, { force: true })
        return false
      }
      const now = new Date()
      await utimes(file, now, now).catch(() => undefined)
      return true
    },
    async keep(sandbox, key, signal) {
      await mkdir(input.directory, { recursive: true, mode: 0o700 })
      const fresh = `${path(key)}.${process.pid}.${process.hrtime.bigint()}`
      const file = await open(fresh, 'wx', 0o600)
      let size = 0
      const tooLarge = new AbortController()
      try {
        const result = await sandbox.exec({
          argv: ['bash', '-o', 'pipefail', '-c', ARCHIVE],
          timeoutMs: LIMIT_MS,
          signal: AbortSignal.any([signal, tooLarge.signal]),
          async onOutput(chunk, stream) {
            if (stream !== 'stdout') return
            size += chunk.length
            if (size > LIMIT_BYTES) return tooLarge.abort()
            await file.write(chunk)
          },
        })
        await file.close()
        if (result.exitCode !== 0 || size === 0) return false
        await rename(fresh, path(key))
        await evict(input.directory)
        return true
      } finally {
        await file.close().catch(() => undefined)
        await rm(fresh, { force: true })
      }
    },
  }
}

/** Whole ignored directories and files, as names from git, NUL-separated. Git's configuration inside is the sandbox's own business. */
const ARCHIVE = 'git ls-files -z --others --ignored --exclude-standard --directory | tar -czf - --null --verbatim-files-from -T -'

/** The least recently used go first. */
async function evict(directory: string): Promise<void> {
  const entries = await Promise.all(
    (await readdir(directory))
      .filter((name) => name.endsWith('.tar.gz'))
      .map(async (name) => {
        const { size, mtimeMs } = await stat(join(directory, name))
        return { name, size, mtimeMs }
      }),
  )
  let total = entries.reduce((sum, entry) => sum + entry.size, 0)
  for (const entry of entries.sort((a, b) => a.mtimeMs - b.mtimeMs)) {
    if (total <= TOTAL_BYTES) return
    await rm(join(directory, entry.name), { force: true })
    total -= entry.size
  }
}

function safe(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, '_').slice(0, 80)
}

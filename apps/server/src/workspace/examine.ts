// Looks at a commit's files for how it is set up and checked.

import type { Environment, Sandbox } from '@slipway/core/ports'
import { detectChecks } from '@slipway/sandbox/setup/detect-checks'
import { detectSetup } from '@slipway/sandbox/setup/detect-setup'
import { parseEnvironmentFile } from '@slipway/sandbox/setup/environment-file'

export interface CommitFiles {
  paths: readonly string[]
  read(path: string): Promise<string | null>
}

export interface Examined {
  environment: Environment
  /** Hosts that set-up may reach beside the package registries. */
  allowHosts: string[]
  /** Files that decide what set-up produces. */
  inputs: { path: string; content: string }[]
}

export const MAX_FILE_BYTES = 1_000_000
export const MAX_PATHS = 50_000
const ENVIRONMENT_FILE = '.slipway/environment.yaml'

export async function examine(files: CommitFiles): Promise<Examined> {
  const text = files.paths.includes(ENVIRONMENT_FILE) ? await files.read(ENVIRONMENT_FILE) : null
  const { environment: file, problems } = parseEnvironmentFile(text ?? '')
  const { result, contents } = await withReads(files, (read) => ({ plan: detectSetup(file, files.paths, read), checks: detectChecks(file, files.paths, read) }))
  const inputs = await Promise.all(result.plan.inputs.map(async (path) => ({ path, content: contents.get(path) ?? (await files.read(path)) ?? '' })))
  return { environment: { setup: result.plan.commands, checks: result.checks, mcp: file.mcp, problems }, allowHosts: file.allowHosts, inputs }
}

/** The files of a work tree as git knows them there. */
export function filesInSandbox(sandbox: Sandbox): { list(): Promise<string[]>; read(path: string): Promise<string | null> } {
  return {
    async list() {
      const chunks: Uint8Array[] = []
      let bytes = 0
      await sandbox.exec({
        argv: ['git', 'ls-tree', '-r', '-z', '--name-only', 'HEAD'],
        timeoutMs: 60_000,
        onOutput(chunk, stream) {
          if (stream !== 'stdout' || bytes > MAX_PATHS * 100) return
          chunks.push(chunk.slice())
          bytes += chunk.length
        },
      })
      return Buffer.concat(chunks).toString('utf8').split('\0').filter((path) => path !== '').slice(0, MAX_PATHS)
    },
    async read(path) {
      const read = await sandbox.readFile(path, { maxBytes: MAX_FILE_BYTES })
      return read.ok ? Buffer.from(read.bytes).toString('utf8') : null
    },
  }
}

/** The detection reads as it goes, and files come one by one: it is asked again until it has read all it wants. */
async function withReads<Result>(files: CommitFiles, detect: (read: (path: string) => string | null) => Result): Promise<{ result: Result; contents: Map<string, string | null> }> {
  const contents = new Map<string, string | null>()
  for (;;) {
    const wanted = new Set<string>()
    const result = detect((path) => {
      if (!contents.has(path)) wanted.add(path)
      return contents.get(path) ?? null
    })
    if (wanted.size === 0) return { result, contents }
    for (const path of wanted) contents.set(path, await files.read(path))
  }
}

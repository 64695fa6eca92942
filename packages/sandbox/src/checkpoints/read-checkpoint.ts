// Looks into a checkpoint without its work tree, in a throw-away sandbox that sees the store and cannot write it.

import type { Tree, TreeFile } from '@slipway/core/ports'
import type { Backend } from '../backend.ts'
import { UNKNOWN_CHECKPOINT } from './script.ts'

const LIMIT_MS = 30_000
const MAX_LIST_BYTES = 64 * 1024 * 1024
/** Of one look at contents; the rest is left out. */
const MAX_READ_BYTES = 64 * 1024 * 1024
const OBJECT_ID = /^[0-9a-f]{40}$/

const GIT = `set -eu
export LC_ALL=C HOME=/nonexistent GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_OPTIONAL_LOCKS=0 GIT_DIR="$STORE/shadow.git"
`

/** null when this machine does not have the checkpoint. Throws when git fails otherwise. */
export async function readCheckpoint(input: { backend: Backend; workspace: string; checkpoint: string }): Promise<Tree | null> {
  const { backend, workspace, checkpoint } = input
  if (!OBJECT_ID.test(checkpoint)) return null
  const list = await run(
    backend,
    workspace,
    `if ! git cat-file -e '${checkpoint}^{commit}' 2>/dev/null; then exit ${UNKNOWN_CHECKPOINT}; fi
git ls-tree -r -z --full-tree -l '${checkpoint}'`,
    MAX_LIST_BYTES,
  )
  if (list === null) return null
  const files = list.toString('utf8').split('\0').flatMap(parseEntry)
  const sizes = new Map(files.map((file) => [file.oid, file.bytes]))
  return {
    files,
    async read({ oids, maxBytes }) {
      const wanted = withinBounds(
        [...new Set(oids)].filter((oid) => (sizes.get(oid) ?? Infinity) <= maxBytes),
        sizes,
      )
      if (wanted.length === 0) return new Map()
      const found = await run(backend, workspace, `git cat-file --batch --buffer <<'OIDS'\n${wanted.join('\n')}\nOIDS`, 2 * MAX_READ_BYTES)
      return found === null ? new Map() : splitBatch(found)
    },
  }
}

function withinBounds(oids: string[], sizes: Map<string, number>): string[] {
  let total = 0
  return oids.filter((oid) => (total += sizes.get(oid) ?? 0) <= MAX_READ_BYTES)
}

/** null: the store or the checkpoint is not there. */
async function run(backend: Backend, workspace: string, script: string, maxBytes: number): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  const code = await backend.readStore({
    workspace,
    script: GIT + script,
    timeoutMs: LIMIT_MS,
    onOutput(chunk) {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
    },
  })
  if (code === 'no-store' || code === UNKNOWN_CHECKPOINT) return null
  if (code !== 0 || bytes > maxBytes)
    throw new Error(`the checkpoint could not be read: git ended with ${code} after ${bytes} bytes; try again, or look at a later one`)
  return Buffer.concat(chunks)
}

/** `<mode> <type> <oid> <size>\t<path>`, see git-ls-tree(1). */
function parseEntry(entry: string): TreeFile[] {
  const match = /^(100644|100755|120000) blob ([0-9a-f]{40}) +(\d+)\t([^]+)$/.exec(entry)
  if (match === null) return []
  const [, mode = '', oid = '', bytes = '', path = ''] = match
  return [{ path, mode, oid, bytes: Number(bytes) }]
}

/** `<oid> <type> <size>\n<content>\n`, again and again. */
function splitBatch(output: Buffer): Map<string, Uint8Array> {
  const found = new Map<string, Uint8Array>()
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at)
    const [oid = '', type, size] = output.toString('latin1', at, end).split(' ')
    at = end + 1
    if (type !== 'blob') continue
    found.set(oid, output.subarray(at, at + Number(size)))
    at += Number(size) + 1
  }
  return found
}

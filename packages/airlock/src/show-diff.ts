// The difference that a person decides on, read from the quarantine.

import { requireObjectId } from '@slipway/git/object-id'
import { git } from '@slipway/git/run-git'

/** Unified diff, cut at `maxBytes` with a note. Nothing that a repository's settings name is run. */
export async function showDiff(input: { gitDir: string; baseOid: string; oid: string; maxBytes: number }): Promise<string> {
  const bytes: Buffer[] = []
  let length = 0
  await git({
    args: [
      'diff-tree',
      '-r',
      '-p',
      '--no-ext-diff',
      '--no-textconv',
      '--no-color',
      '--find-renames',
      '--submodule=short',
      requireObjectId(input.baseOid),
      requireObjectId(input.oid),
    ],
    gitDir: input.gitDir,
    onStdout(chunk) {
      bytes.push(chunk)
      length += chunk.length
      return length > input.maxBytes ? 'enough' : undefined
    },
  })
  if (length <= input.maxBytes) return Buffer.concat(bytes).toString('utf8')
  const kept = new TextDecoder().decode(Buffer.concat(bytes).subarray(0, input.maxBytes), { stream: true })
  return `${kept}\n[The diff is longer than ${input.maxBytes} bytes and was cut here.]\n`
}

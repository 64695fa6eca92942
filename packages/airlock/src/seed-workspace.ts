// Puts a repository of its own into a sandbox's work tree, from a bundle that the host streams in. The sandbox never sees a remote or a credential.

import type { Sandbox } from '@slipway/core/ports'
import { objectFormatOf, requireObjectId } from '@slipway/git/object-id'
import { slipwayIdentity } from './identity.ts'
import type { Identity } from './identity.ts'
import { gitInside, identityEnvironment, runInSandbox } from './run-in-sandbox.ts'

export interface SeedInput {
  sandbox: Sandbox
  /** As made by `Repositories.bundle`. */
  bundle: AsyncIterable<Uint8Array>
  baseBranch: string
  /** Branch that is checked out, at `workOid` or else `baseOid`. */
  branch: string
  baseOid: string
  workOid: string | null
  identity?: Identity
  signal?: AbortSignal
  /** Called when the work tree was empty, with the base commit checked out and nothing of the session's own work in it yet. */
  beforeWork?(): Promise<void>
}

/** Present while a seed is under way; one that was cut off is done again from the start. */
const unfinished = '.git/slipway-seeding'

/**
 * Makes the repository, or leaves the one that is there (`seeded: false`). Files that lie in a work tree without a repository stay as they are.
 * Throws when a step fails inside, and SandboxLost when the sandbox is gone.
 */
export async function seedWorkspace(input: SeedInput): Promise<{ seeded: boolean }> {
  const tip = requireObjectId(input.workOid ?? input.baseOid)
  requireObjectId(input.baseOid)
  const identity = input.identity ?? slipwayIdentity
  const inside = (argv: string[], stdin?: AsyncIterable<Uint8Array>) => mustRun(input, argv, identity, stdin)
  const state = (await inside(['bash', '-c', probe])).trim()
  if (state === 'present') return { seeded: false }
  await inside(['bash', '-c', `rm -rf .git && mkdir .git && touch ${unfinished}`])
  await inside(gitInside(['init', '--quiet', '--template=', `--object-format=${objectFormatOf(tip)}`, `--initial-branch=${input.branch}`]))
  await inside(gitInside(['index-pack', '--stdin']), packOf(input.bundle))
  await inside(gitInside(['config', 'user.name', identity.name]))
  await inside(gitInside(['config', 'user.email', identity.email]))
  await inside(gitInside(['config', 'gc.auto', '0']))
  await inside(gitInside(['update-ref', `refs/heads/${input.baseBranch}`, input.baseOid]))
  await inside(gitInside(['symbolic-ref', 'HEAD', `refs/heads/${input.branch}`]))
  if (state === 'empty' && input.beforeWork) {
    await inside(gitInside(['update-ref', `refs/heads/${input.branch}`, input.baseOid]))
    await inside(gitInside(['reset', '--quiet', '--hard']))
    await input.beforeWork()
  }
  await inside(gitInside(['update-ref', `refs/heads/${input.branch}`, tip]))
  // Work that outlived its repository is kept; everywhere else the files are written out.
  await inside(gitInside(['reset', '--quiet', state === 'files' ? '--mixed' : '--hard']))
  await inside(['rm', unfinished])
  return { seeded: true }
}

const probe = `if [ -e ${unfinished} ]; then echo unfinished
elif [ -e .git ]; then echo present
elif [ -n "$(ls -A)" ]; then echo files
else echo empty; fi`

async function mustRun(input: SeedInput, argv: string[], identity: Identity, stdin?: AsyncIterable<Uint8Array>): Promise<string> {
  const result = await runInSandbox(input.sandbox, {
    argv,
    env: identityEnvironment(identity),
    timeoutMs: 10 * 60_000,
    ...(stdin ? { stdin } : {}),
    ...(input.signal ? { signal: input.signal } : {}),
  })
  if (!result.ok)
    throw new Error(
      `The repository could not be put into the sandbox: ${argv.slice(0, 14).join(' ')} ended with ${result.exitCode}: ${result.stderr.trim().slice(0, 500)}`,
    )
  return result.stdout
}

/** The pack behind the bundle's header, which ends at the first empty line. See gitformat-bundle(5). */
async function* packOf(bundle: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let header: Buffer | null = Buffer.alloc(0)
  for await (const chunk of bundle) {
    if (header === null) {
      yield chunk
      continue
    }
    header = Buffer.concat([header, chunk])
    const end = header.indexOf('\n\n')
    if (end < 0) continue
    if (end + 2 < header.length) yield header.subarray(end + 2)
    header = null
  }
}

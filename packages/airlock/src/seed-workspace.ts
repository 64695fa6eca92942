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
  /**
   * Called when the work tree was empty, with the base commit checked out and nothing of the session's own work in it yet.
   * `untouched`: nothing was run in it.
   */
  beforeWork?(): Promise<'untouched' | 'changed'>
  /** Path of a file that a seed with a `beforeWork` leaves when it is complete. */
  endMark?: string
}

/** Present while a seed is under way, and says what it began with; one that was cut off is done again from the start. */
const unfinished = '.git/slipway-seeding'
/** A repository appears under its name together with that mark, or a cut in between would pass for one that is there. */
const coming = '.slipway-seed'

/**
 * Makes the repository, or leaves the one that is there (`seeded: false`). Files that lie in a work tree without a repository stay as they are.
 * Throws when a step fails inside, and SandboxLost when the sandbox is gone.
 */
export async function seedWorkspace(input: SeedInput): Promise<{ seeded: boolean }> {
  const tip = requireObjectId(input.workOid ?? input.baseOid)
  const identity = input.identity ?? slipwayIdentity
  const environment = {
    ...identityEnvironment(identity),
    FORMAT: objectFormatOf(tip),
    BASE: input.baseBranch,
    BASE_OID: requireObjectId(input.baseOid),
    BRANCH: input.branch,
    TIP: tip,
    SETTINGS: gitSettings(identity),
  }
  const inside = (doing: string, script: string, stdin?: AsyncIterable<Uint8Array>) => mustRun(input, { doing, script, environment, stdin })
  const state = (await inside('looking at the work tree', probe)).trim()
  if (state === 'present') return { seeded: false }
  // Work that outlived its repository is kept; everywhere else the files are written out.
  const kind = state === 'files' ? 'files' : 'whole'
  if (state !== 'empty' || !input.beforeWork) {
    await inside('unpacking the repository', `${unpack(kind, 'TIP')}\n${reset(kind)}\nrm ${unfinished}`, packOf(input.bundle))
    return { seeded: true }
  }
  await inside('unpacking the repository', `${unpack('whole', 'BASE_OID')}\n${reset('whole')}`, packOf(input.bundle))
  const tree = await input.beforeWork()
  const end = input.endMark === undefined ? `rm ${unfinished}` : `mv ${unfinished} ${input.endMark}`
  const isAtTip = tree === 'untouched' && tip === input.baseOid
  await inside('writing the files', isAtTip ? end : `${settings}\n${point}\n${reset('whole')}\n${end}`)
  return { seeded: true }
}

/** Nothing of the agent has run yet, but its own commits may bring hooks and settings into the tree. */
const settings = `set -e
git() { command ${gitInside([]).join(' ')} "$@"; }`

/** Takes the pack from its input. */
const unpack = (kind: 'files' | 'whole', tip: 'TIP' | 'BASE_OID'): string => `${settings}
remove() { [ ! -e "$1" ] && [ ! -L "$1" ] || rm -rf "$1"; }
remove ${coming}
mkdir ${coming}
echo ${kind} > ${coming}/slipway-seeding
remove .git
mv ${coming} .git
git init --quiet --template= "--object-format=$FORMAT" "--initial-branch=$BRANCH"
git index-pack --stdin > /dev/null
printf '%s' "$SETTINGS" >> .git/config
refs="update refs/heads/$BRANCH $${tip}"
[ "$BASE" = "$BRANCH" ] || refs+=$'\\n'"update refs/heads/$BASE $BASE_OID"
git update-ref --stdin <<< "$refs"`

const point = 'git update-ref "refs/heads/$BRANCH" "$TIP"'
const reset = (kind: 'files' | 'whole'): string => `git reset --quiet ${kind === 'files' ? '--mixed' : '--hard'}`

/** In git's own form, so that no git has to start for each of them. See git-config(1), Syntax. */
function gitSettings({ name, email }: Identity): string {
  const quoted = (value: string): string => `"${value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`
  return `[user]\n\tname = ${quoted(name)}\n\temail = ${quoted(email)}\n[gc]\n\tauto = 0\n`
}

/**
 * `present`: the repository is there. `empty`: nothing is. `files`: work without a repository. `whole`: a seed of everything was cut off.
 * A git that was killed with its sandbox leaves its locks, and every later one would wait for it; nothing else runs in here yet.
 */
const probe = `
if [ -e ${unfinished} ]; then if grep -qx files ${unfinished}; then echo files; else echo whole; fi
elif [ -e .git ] && { [ ! -d .git ] || [ -e .git/HEAD ]; }; then
  [ ! -d .git ] || find .git -name objects -prune -o -name '*.lock' -type f -exec rm -f {} + 2> /dev/null || :
  echo present
elif [ -s ${coming}/slipway-seeding ]; then cat ${coming}/slipway-seeding
else
  shopt -s nullglob dotglob
  found=empty
  for entry in *; do case "$entry" in .git | ${coming}) ;; *) found=files; break ;; esac; done
  echo $found
fi`

interface Inside {
  doing: string
  script: string
  environment: Record<string, string>
  stdin: AsyncIterable<Uint8Array> | undefined
}

async function mustRun(input: SeedInput, { doing, script, environment, stdin }: Inside): Promise<string> {
  const result = await runInSandbox(input.sandbox, {
    argv: ['bash', '-c', script],
    env: environment,
    timeoutMs: 10 * 60_000,
    ...(stdin ? { stdin } : {}),
    ...(input.signal ? { signal: input.signal } : {}),
  })
  if (!result.ok)
    throw new Error(
      `The repository could not be put into the sandbox: ${doing} ended with ${result.exitCode}: ${result.stderr.trim().slice(0, 500)}`,
    )
  return result.stdout
}

/** The pack behind the bundle's header, which ends at the first empty line. See gitformat-bundle(5). */
export async function* packOf(bundle: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
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

// Snapshots of a work tree in a git directory that only throw-away sandboxes write.

import { type AssertHeld, CheckpointFailed, type Sandbox, type SandboxLimits } from '@slipway/core/ports'
import type { Backend } from '../backend.ts'
import { DAMAGED_CHECKPOINT, NO_STORE, restoreScript, saveScript, STORE_FULL, UNKNOWN_CHECKPOINT } from './script.ts'
import { type Look, unchanged } from './unchanged.ts'

const LIMIT_MS = 120_000
/** History of a work tree may take a few times its size. */
const STORE_FACTOR = 4
/** One snapshot adds at most a work tree's size, so the store's size is looked at now and then. */
const MEASURE_EVERY = 10

export type Checkpoints = Pick<Sandbox, 'checkpoint' | 'restore'>

interface Saved {
  treeHash: string
  checkpoint: string
}

/** One at a time: two git processes must not share an index. `look` is asked of the sandbox, which can only deceive itself. */
export function checkpoints(input: {
  backend: Backend
  workspace(): string
  limits: SandboxLimits
  look: Look
  assertHeld: AssertHeld
}): Checkpoints {
  let tail: Promise<unknown> = Promise.resolve()
  const alone = <T>(job: () => Promise<T>): Promise<T> => {
    const next = tail.then(job, job)
    tail = next.catch(() => undefined)
    return next
  }
  const run = (script: string, workTree: 'read-only' | 'writable') =>
    input.backend.throwAway({
      workspace: input.workspace(),
      workTree,
      limits: input.limits,
      script,
      timeoutMs: LIMIT_MS,
      assertHeld: input.assertHeld,
    })
  const known = unchanged<Saved>(input.look)
  let saves = 0

  async function save(): Promise<Saved & { changed: boolean }> {
    const listIgnored = known.wantsIgnored()
    const { exitCode, stdout, stderr } = await run(
      saveScript({ storeLimitBytes: saves++ % MEASURE_EVERY === 0 ? STORE_FACTOR * input.limits.diskBytes : null, listIgnored }),
      'read-only',
    )
    if (exitCode === STORE_FULL)
      throw new CheckpointFailed('The history of this work tree has reached its size limit. Raise the disk limit, or start a new session.')
    const answer = /^([0-9a-f]{40}) ([0-9a-f]{40}) (changed|same) (\d+[.,]\d+)$/m.exec(stdout)
    if (exitCode !== 0 || !answer) throw failed('The work tree could not be kept', exitCode, stderr)
    const [, treeHash = '', checkpoint = '', changed, lookedAt = ''] = answer
    known.save({ treeHash, checkpoint }, Number(lookedAt.replace(',', '.')) * 1000, listIgnored ? ignoredDirectories(stdout) : null)
    return { treeHash, checkpoint, changed: changed === 'changed' }
  }

  return {
    checkpoint: () =>
      alone(async () => {
        const startedAt = performance.now()
        const same = await known.since()
        const saved = same === null ? await save() : { ...same, changed: false }
        return { ...saved, ms: Math.round(performance.now() - startedAt) }
      }),
    restore: (checkpoint) =>
      alone(async () => {
        known.forget()
        if (!/^[0-9a-f]{40}$/.test(checkpoint)) return refuse('unknown', checkpoint)
        const { exitCode, stdout, stderr } = await run(restoreScript(checkpoint), 'writable')
        if (exitCode === NO_STORE) return refuse('none', checkpoint)
        if (exitCode === UNKNOWN_CHECKPOINT) return refuse('unknown', checkpoint)
        if (exitCode === DAMAGED_CHECKPOINT) return refuse('damaged', checkpoint)
        const tree = /^([0-9a-f]{40})$/m.exec(stdout)?.[1]
        if (exitCode !== 0 || !tree) throw failed('The work tree could not be restored', exitCode, stderr)
        return { ok: true as const, treeHash: tree }
      }),
  }
}

/** git does not always say why it could not write; there is hardly another reason. */
const diskFull = /No space left on device|unable to write|Disk quota exceeded/

function failed(what: string, exitCode: number | null, stderr: string): CheckpointFailed {
  const said = stderr.trim().split('\n').slice(-3).join(' ').slice(-300)
  if (diskFull.test(stderr))
    return new CheckpointFailed(`${what}: the disk of the sandboxes is full. Free some space on it, then continue. (git said: ${said})`)
  return new CheckpointFailed(`${what}: git ended with ${exitCode}: ${said}`)
}

type Refusal = Exclude<Awaited<ReturnType<Sandbox['restore']>>, { ok: true }>

function refuse(kind: Refusal['kind'], checkpoint: string): Refusal {
  const messages = {
    none: 'this machine keeps no checkpoint of this work tree',
    unknown: `there is no checkpoint ${checkpoint.slice(0, 40)} of this work tree`,
    damaged: `the checkpoint ${checkpoint.slice(0, 40)} is not whole any more`,
  }
  return { ok: false, kind, message: messages[kind] }
}

function ignoredDirectories(stdout: string): string[] {
  return stdout
    .split('\0')
    .slice(1)
    .filter((path) => path.endsWith('/'))
    .map((path) => path.slice(0, -1))
}

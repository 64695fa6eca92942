// A git bundle as a stream, with the refs under the names the receiver expects. See gitformat-bundle(5).

import { PassThrough } from 'node:stream'
import { drained } from './drained.ts'
import { objectFormatOf, requireObjectId } from './object-id.ts'
import { GitFailed, runGit } from './run-git.ts'

/** Streams a bundle of the given commits, named by their refs. Complete, but for what the receiver has of `haveOids`. */
export async function* bundleCommits(input: {
  gitDir: string
  refs: { name: string; oid: string }[]
  haveOids?: string[]
  signal?: AbortSignal
}): AsyncGenerator<Uint8Array> {
  for (const { oid } of input.refs) requireObjectId(oid)
  const without = (input.haveOids ?? []).map((oid) => `^${requireObjectId(oid)}\n`).join('')
  yield Buffer.from(bundleHeader(input.refs, input.haveOids ?? []))
  const pack = new PassThrough()
  const abort = new AbortController()
  const packed = runGit({
    args: ['pack-objects', '--revs', '--stdout', '--quiet', '--delta-base-offset'],
    gitDir: input.gitDir,
    stdin: `${input.refs.map(({ oid }) => oid).join('\n')}\n${without}`,
    timeoutMs: 15 * 60_000,
    signal: input.signal ? AbortSignal.any([input.signal, abort.signal]) : abort.signal,
    onStdout: (chunk) => writeWhole(pack, chunk),
  })
  const settled = packed.then(
    (result) => pack.end(() => result),
    (error) => pack.destroy(error as Error),
  )
  try {
    yield* pack as AsyncIterable<Uint8Array>
    const result = await packed
    if (result.exitCode !== 0) throw new GitFailed('pack-objects', result)
  } finally {
    // A receiver that stops early ends git as well.
    abort.abort()
    pack.destroy()
    await settled
  }
}

function bundleHeader(refs: { name: string; oid: string }[], haveOids: string[]): string {
  const format = objectFormatOf(refs[0]?.oid ?? '')
  const first = format === 'sha256' ? '# v3 git bundle\n@object-format=sha256\n' : '# v2 git bundle\n'
  return `${first}${haveOids.map((oid) => `-${oid}\n`).join('')}${refs.map(({ name, oid }) => `${oid} ${name}\n`).join('')}\n`
}

async function writeWhole(stream: PassThrough, chunk: Buffer): Promise<void> {
  if (stream.destroyed || stream.write(chunk)) return
  await drained(stream)
}

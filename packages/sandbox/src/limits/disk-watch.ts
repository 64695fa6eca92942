// Where a work tree has no disk of its own: measures it again and again and ends the sandbox when it is too large.

import { runProgram } from '../host/run-program.ts'

const SHORTEST_PAUSE_MS = 500

export interface DiskWatch {
  stop(): void
}

/** `du` opens every directory relative to its parent and follows no link, so the tree may be hostile. */
export function watchDisk(input: { tree(): string; diskBytes: number; onFull(reason: string): void }): DiskWatch {
  let isStopped = false
  let timer: NodeJS.Timeout | undefined
  const measure = async (): Promise<void> => {
    const startedAt = performance.now()
    const bytes = await treeBytes(input.tree())
    if (isStopped) return
    if (bytes > input.diskBytes) {
      isStopped = true
      return input.onFull(`the sandbox was ended because its work tree grew to ${bytes} bytes; the limit is ${input.diskBytes}`)
    }
    // A tree with a million files takes seconds to measure; a tenth of the time is enough for that.
    timer = setTimeout(() => void measure(), Math.max(SHORTEST_PAUSE_MS, 10 * (performance.now() - startedAt)))
    timer.unref()
  }
  void measure()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

/** Blocks in use below a directory, links not followed. */
export async function treeBytes(tree: string): Promise<number> {
  // du reports what vanished under it as an error and still prints the sum.
  const { stdout } = await runProgram('du', ['-sxk', '--', tree]).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }))
  return (Number.parseInt(stdout, 10) || 0) * 1024
}

// How many files a commit has, without holding them: a few trees that name one another can stand for more than any disk holds.

import { requireObjectId } from './object-id.ts'
import { git } from './run-git.ts'

/** Number of entries below the commit's tree that are no trees; counting stops a little above `limit`. */
export async function countFiles(input: {
  gitDir: string
  oid: string
  limit: number
  environment?: Record<string, string>
  signal?: AbortSignal
}): Promise<number> {
  let files = 0
  await git({
    args: ['ls-tree', '-r', '--format=', requireObjectId(input.oid)],
    gitDir: input.gitDir,
    ...(input.environment ? { environment: input.environment } : {}),
    ...(input.signal ? { signal: input.signal } : {}),
    onStdout(chunk) {
      // One line end for each.
      files += chunk.length
      return files > input.limit ? 'enough' : undefined
    },
  })
  return files
}

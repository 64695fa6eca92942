import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const MAIN = new URL('./start.mjs', import.meta.url).pathname

test('an output that cannot be written, such as a file on a full disk, is told of', async () => {
  const writing = promisify(execFile)('/bin/sh', ['-c', '"$0" "$1" --help > /dev/full', process.execPath, MAIN])
  await expect(writing).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('standard output cannot be written: ENOSPC') })
})

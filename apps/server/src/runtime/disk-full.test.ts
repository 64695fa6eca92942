import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { writeFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { diskFullAdvice } from './disk-full.ts'

const failureOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => null).catch((error: unknown) => error)

test('a full disk is recognised in what a system call, a program and an error about either say', async () => {
  const call = await failureOf(writeFile('/dev/full', 'x'))
  const program = await failureOf(promisify(execFile)('sh', ['-c', 'head -c 1 /dev/zero > /dev/full']))
  for (const error of [call, program, new Error('the mirror could not be made', { cause: call }), new Error(String(call))])
    expect(diskFullAdvice(error)).toContain('A disk of the machine is full. Free some space')
  expect([diskFullAdvice(new Error('no')), diskFullAdvice(await failureOf(writeFile('/nowhere/x', 'x')))]).toEqual([null, null])
})

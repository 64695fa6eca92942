import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { scratchFolder } from './testing/scratch-repository.ts'
import { withFileLock } from './with-file-lock.ts'

let folder: ReturnType<typeof scratchFolder>
beforeEach(() => {
  folder = scratchFolder()
})
afterEach(() => folder.remove())

test('a folder that is made for a lock is closed to others', async () => {
  const path = join(folder.path, 'mirrors/x.lock')
  await withFileLock(path, { timeoutMs: 20_000 }, async () => undefined)
  expect((statSync(join(folder.path, 'mirrors')).mode & 0o777).toString(8)).toBe('700')
})

test('twenty holders take turns and leave nothing behind', async () => {
  const path = join(folder.path, 'x.lock')
  let inside = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 20 }, () =>
      withFileLock(path, { timeoutMs: 20_000 }, async () => {
        most = Math.max(most, ++inside)
        await new Promise((resolve) => setTimeout(resolve, 2))
        inside--
      }),
    ),
  )
  expect(most).toBe(1)
  expect(readdirSync(folder.path)).toEqual([])
})

async function holdElsewhere(path: string): Promise<ChildProcess> {
  const program = `import { withFileLock } from ${JSON.stringify(new URL('./with-file-lock.ts', import.meta.url).href)}
    await withFileLock(${JSON.stringify(path)}, { timeoutMs: 1000 }, () => { console.log('held'); return new Promise((resolve) => process.stdin.once('end', resolve).resume()) })`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  return child
}

test('the lock of a killed process is taken over at once', async () => {
  const path = join(folder.path, 'x.lock')
  const child = await holdElsewhere(path)
  await expect(withFileLock(path, { timeoutMs: 100 }, async () => 'mine')).rejects.toThrow(`"pid":${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await withFileLock(path, { timeoutMs: 20_000 }, async () => 'mine')).toBe('mine')
  expect(existsSync(path)).toBe(false)
})

test('the lock of a frozen process is taken over after a while, and is not given away by it when it wakes', async () => {
  const path = join(folder.path, 'x.lock')
  const child = await holdElsewhere(path)
  child.kill('SIGSTOP')
  await expect(withFileLock(path, { timeoutMs: 100 }, async () => 'mine')).rejects.toThrow(`"pid":${child.pid}`)
  const result = await withFileLock(path, { timeoutMs: 20_000, silentForMs: 300 }, async () => {
    child.kill('SIGCONT')
    child.stdin?.end()
    await once(child, 'exit')
    return existsSync(path)
  })
  expect([result, existsSync(path)]).toEqual([true, false])
})

import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { redact } from './redact.ts'
import { git, GitFailed, runGit } from './run-git.ts'
import { scratchFolder, scratchRepository } from './testing/scratch-repository.ts'

let folder: ReturnType<typeof scratchFolder>
beforeEach(() => {
  folder = scratchFolder()
})
afterEach(() => folder.remove())

test('a command that hangs is ended at its deadline', async () => {
  const repository = scratchRepository(join(folder.path, 'a'))
  const result = await runGit({ args: ['hash-object', '--stdin'], gitDir: join(repository.path, '.git'), stdin: hanging(), timeoutMs: 200 })
  expect(result).toMatchObject({ exitCode: null, killed: 'timeout' })
})

test('input that git takes slower than it comes leaves no listener behind', async () => {
  const repository = scratchRepository(join(folder.path, 'a'))
  const warnings: string[] = []
  const listen = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', listen)
  const result = await runGit({ args: ['hash-object', '--stdin'], gitDir: join(repository.path, '.git'), stdin: zeros(64) })
  await new Promise(setImmediate)
  process.off('warning', listen)
  expect({ exitCode: result.exitCode, warnings }).toEqual({ exitCode: 0, warnings: [] })
})

test('a command is ended when its signal aborts', async () => {
  const repository = scratchRepository(join(folder.path, 'a'))
  const result = await runGit({
    args: ['hash-object', '--stdin'],
    gitDir: join(repository.path, '.git'),
    stdin: hanging(),
    signal: AbortSignal.timeout(100),
  })
  expect(result).toMatchObject({ exitCode: null, killed: 'stopped' })
})

test('output past the limit ends the command and is cut', async () => {
  const repository = scratchRepository(join(folder.path, 'a'))
  repository.commit({ big: 'x'.repeat(500_000) })
  const result = await runGit({ args: ['cat-file', 'blob', 'HEAD:big'], gitDir: join(repository.path, '.git'), maxOutputBytes: 1000 })
  expect(result.killed).toBe('output-limit')
  expect(result.stdout.length).toBe(1000)
})

test('git that is not installed is said in words', async () => {
  await expect(runGit({ args: ['version'], environment: { PATH: '/nonexistent' } })).rejects.toThrow('Install git')
})

test('a failure is an error with the command and what git said', async () => {
  const failed = await git({
    args: ['cat-file', '-t', 'nope'],
    gitDir: join(scratchRepository(join(folder.path, 'a')).path, '.git'),
  }).catch((error) => error)
  expect(failed).toBeInstanceOf(GitFailed)
  expect(failed).toMatchObject({ command: 'cat-file', exitCode: 128 })
})

test('credentials are taken out of text in all their forms', () => {
  const secret = 'tok/en+1234'
  const text = `fatal: https://bob:hunter22@example.org/x Authorization: Basic ${Buffer.from(secret).toString('base64')} ${secret} ${encodeURIComponent(secret)}`
  const shown = redact(text, [secret])
  for (const form of ['hunter22', secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
    expect(shown).not.toContain(form)
})

async function* hanging(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('the beginning')
  await new Promise((resolve) => setTimeout(resolve, 3000).unref())
}

/** So many megabytes. */
async function* zeros(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) yield Buffer.alloc(1024 * 1024)
}

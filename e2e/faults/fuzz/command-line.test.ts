// Whatever is typed after `slipway`: an exit code with its documented meaning, no stack trace, and a message that says what to type.

import { execFile } from 'node:child_process'
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runCommandLine } from '@slipway/cli/run-command-line'
import type { EventBody } from '@slipway/core/events'
import { openRuntime, type Runtime } from '@slipway/server/runtime'
import { readSettings } from '@slipway/server/settings'
import { message, sessionCreated } from '@slipway/server/testing/test-store'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { openCliHome, type CliHome } from '../../../apps/cli/src/testing/cli-process.ts'
import { deadlineMs, rounds } from '../effort.ts'
import { commandLines, flagLines, parse } from './command-lines.ts'
import { fuzz, within } from './fuzz.ts'

let folder: string
let before: string
let runtime: Runtime
let cli: CliHome
let sessions: string[]
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'slipway-fuzz-cli-')))
  before = process.cwd()
  process.chdir(folder)
  await promisify(execFile)('git', ['init', '-q', 'repository'])
  await writeFile('script.yaml', 'steps: []\n')
  vi.stubEnv('SLIPWAY_HOME', join(folder, 'home'))
  vi.stubEnv('SLIPWAY_SANDBOX_STATE', join(folder, 'sandboxes'))
  // No daemon: what it is to do with one is tried elsewhere.
  vi.stubEnv('DOCKER_HOST', `unix://${folder}/no-docker.sock`)
  // Nothing listens there: `slipway routines` is to say so.
  vi.stubEnv('PORT', '1')
  const read = readSettings(process.env)
  if (!read.ok) throw new Error(read.problems.join('\n'))
  // Keeps the database running between the commands.
  runtime = await openRuntime({ ...read.settings, logLevel: 'silent' })
  sessions = await Promise.all([[ended], [asked], [message('hello'), ended]].map(create))
  cli = await openCliHome()
})
afterAll(async () => {
  process.chdir(before)
  vi.unstubAllEnvs()
  await runtime.close()
  await rm(folder, { recursive: true, force: true })
  await cli.close()
})

const ended: EventBody = { type: 'session-finished', outcome: 'unverified', summary: 'Done.' }
const asked: EventBody = {
  type: 'human-asked',
  askId: 'ask-2',
  kind: 'question',
  question: 'Which?',
  options: [],
  callId: null,
  effect: null,
  expiresAt: null,
}

/** A good start of each, and what it says when it is ready. */
const starts = [
  { command: 'up', words: ['up', '--port', '0'], ready: /listens on/, ends: [0] },
  { command: 'worker', words: ['worker'], ready: /works on sessions/, ends: [0] },
  { command: 'demo', words: ['demo', '--json'], ready: /session-created/, ends: [4] },
  // Ends by itself, by what it found on this machine.
  { command: 'doctor', words: ['doctor', '--json'], ready: /"state"/, ends: [0, 1, null] },
]

const isLong = rounds({ short: 0, long: 1 }) > 0
const testMs = deadlineMs({ short: 180_000, long: 60 * 60_000 })
const commandMs = 40_000

/** These run until they are ended, run a whole session, or try everything on this machine. */
const untilEnded = ['up', 'worker', 'demo', 'doctor']
const isStarted = (words: string[]): boolean => untilEnded.includes(words[0] ?? '')

test('each flag of each command is taken or refused with what to type', { timeout: testMs }, async () => {
  const drawn = new Map<string, { taken: number; refused: number }>()
  const lines = [...flagLines({ folder, hints: hints() })].map(([name, words]) => words.map((each) => ({ name, words: each })))
  const check = async ({ name, words }: { name: string; words: string[] }): Promise<void> => {
    const { verdict, ...said } = await catchOutput(() => parse(words).then((verdict) => ({ verdict })))
    const counts = drawn.get(name) ?? { taken: 0, refused: 0 }
    drawn.set(name, { ...counts, [verdict]: counts[verdict] + 1 })
    if (verdict === 'refused') expectPlain({ ...said, code: 2 }, words)
    // What is refused never starts; what is taken is started below.
    if (verdict === 'refused' && isStarted(words)) expect((await within(5_000, words.join(' ').slice(0, 300), capture(words))).code).toBe(2)
  }
  await fuzz({ name: 'each flag', short: 2, long: 100, isKeptWhole: true }, fc.tuple(...lines), async (all) => {
    for (const one of all) await check(one)
  })
  const flags = [...flagLines({ folder, hints: {} }).keys()]
  expect(flags.filter((name) => !drawn.has(name))).toEqual([])
  const neverTaken = [...drawn].filter(([, { taken }]) => taken === 0).map(([name]) => name)
  console.log(`${drawn.size} flags drawn, ${drawn.size - neverTaken.length} of them taken at least once`)
  if (isLong) expect(neverTaken).toEqual([])
})

test('what runs until it is ended refuses words that it does not know at once', { timeout: testMs }, async () => {
  for (const command of untilEnded)
    for (const more of [['--nonsense'], ['--json=x', '--port=x'], ['word', 'after', 'word'], ['-x'], ['--por', '1'], ['--model']]) {
      const words = [command, ...more]
      const ran = await within(5_000, words.join(' '), capture(words))
      expect([words, ran.code, ran.stdout]).toEqual([words, 2, ''])
      expectPlain(ran, words)
    }
})

// Each start costs seconds, and the pages are made before the first one.
test.for(isLong ? starts : [])('$command starts, and ends when it is asked to', { timeout: testMs }, async ({ words, ready, ends }) => {
  const run = cli.start(words)
  await within(10 * 60_000, 'readiness', run.until(ready))
  run.child.kill('SIGTERM')
  const { code, stderr } = await within(2 * commandMs, 'the end', run.exited)
  expect(ends).toContain(code)
  expect(stderr).not.toMatch(trace)
})

test('commands in this process answer any words', { timeout: testMs }, async () => {
  const lines = commandLines({ folder, hints: hints(), except: [...untilEnded, 'resume'] })
  await fuzz({ name: 'command lines', short: 90, long: 5_000, shortMs: 5_000 }, lines, async (words) => {
    const ran = await within(commandMs, words.join(' ').slice(0, 300), capture(words))
    expectPlain(ran, words)
  })
})

test('the program answers any words', { timeout: testMs }, async () => {
  const lines = commandLines({ folder, hints: hints(), except: untilEnded })
  await fuzz({ name: 'program', short: 4, long: 250, shortMs: 15_000 }, lines, async (words) => {
    expectPlain(await within(2 * commandMs, words.join(' ').slice(0, 300), cli.run(words)), words)
  })
})

function hints(): Record<string, fc.Arbitrary<string>> {
  const ids = fc.constantFrom(...sessions, ...sessions.map((id) => id.slice(0, 24)), 'last', '0', 'zzzz')
  const numbers = fc.constantFrom('0', '1', '2', '999999999', '9999999999', '-1', '1.5')
  const model = fc.constantFrom('scripted/nowhere.yaml', 'scripted/script.yaml', 'anthropic/x', 'openai/gpt-5.1', 'nonsense/x', 'scripted/')
  return {
    // A session that goes on is followed until it ends.
    id: fc.constantFrom(...[sessions[0], sessions[2]].map(String)).chain((whole) => fc.constantFrom(whole, whole.slice(0, 25))),
    routine: ids,
    number: numbers,
    repo: fc.constantFrom(
      'repository',
      './repository',
      '.',
      'nowhere',
      'owner/name',
      'https://github.com/o/n',
      'https://u:p@github.com/o/n',
    ),
    output: fc.constantFrom('out.md', 'repository', 'nowhere/out.md', 'script.yaml/out.md', '-'),
    model,
    fallback: model,
    budget: fc.constantFrom('1', '$2', '0', '0.000001', '999999', '1e3', '-1', 'much'),
    limit: numbers,
    after: numbers,
    port: numbers,
    provider: fc.constantFrom('github', 'gitlab', 'notion', 'vercel'),
    at: numbers,
    task: fc.constantFrom('Fix it', '', ' ', 'x'.repeat(100_000)),
    base: fc.constantFrom('main', 'no such branch', '--upload-pack=x', ''),
    cron: fc.constantFrom('0 3 * * *', 'never'),
    timeZone: fc.constantFrom('UTC', 'Mars'),
    answer: fc.constantFrom('approve', 'reject', 'yes'),
    ask: fc.constantFrom('ask-2', 'other'),
  }
}

interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

/** Runs the command here. */
function capture(words: string[]): Promise<Ran> {
  return catchOutput(async () => ({ code: await runCommandLine(words) }))
}

/** What the work made of it, with what was written meanwhile. */
async function catchOutput<Result>(work: () => Promise<Result>): Promise<Result & Omit<Ran, 'code'>> {
  const written = { stdout: '', stderr: '' }
  const catchers = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text, encoding?: unknown, done?: unknown) => {
      written[name] += String(text)
      const called = typeof encoding === 'function' ? encoding : done
      if (typeof called === 'function') (called as () => void)()
      return true
    }),
  )
  try {
    return { ...(await work()), ...written }
  } finally {
    for (const each of catchers) each.mockRestore()
  }
}

const codes = [0, 1, 2]
const maxMessageBytes = 8_000
const trace = /slipway: something is broken|\n {4}at .*:\d+|node_modules|TypeError|RangeError|\[object Object\]|\bE[A-Z]{4,}\b|\u001b/

function expectPlain({ code, stdout, stderr }: Ran, words: string[]): void {
  expect(codes).toContain(code)
  expect(stderr).not.toMatch(trace)
  if (code === 0) {
    const isJson = words.includes('--json') && !words.includes('--help') && !words.includes('-h') && !words.includes('-V')
    if (isJson && stdout !== '') expectJson(stdout)
    return
  }
  expect(stderr.length).toBeGreaterThan(15)
  expect(Buffer.byteLength(stderr)).toBeLessThan(maxMessageBytes)
  expect(stderr).toMatch(/slipway|--/)
}

/** One document, or one a line. */
function expectJson(text: string): void {
  try {
    JSON.parse(text)
  } catch {
    for (const line of text.trimEnd().split('\n')) JSON.parse(line)
  }
}

async function create(past: EventBody[]): Promise<string> {
  const { ports } = runtime
  const sessionId = ports.ids.next()
  const at = new Date(ports.clock.now()).toISOString()
  const events = [sessionCreated, ...past].map((body) => ({
    id: ports.ids.next(),
    at,
    actor: { kind: 'person' as const, id: 'local' },
    body,
  }))
  const result = await ports.log.append({ sessionId, events, expectedSeq: 0, lease: null, wake: 'no' })
  if (!result.ok) throw new Error(result.kind)
  return sessionId
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { SessionEvent } from '@slipway/core/events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { changeGreeting, openCliHome, type CliHome } from './testing/cli-process.ts'

let cli: CliHome
beforeAll(async () => {
  cli = await openCliHome()
})
afterAll(() => cli.close())

const eventsOf = (stdout: string): SessionEvent[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionEvent)
const task = (...more: string[]): string[] => ['run', '--repo', cli.repository, '--task', 'Say good bye', ...more]

test('help and version answer without opening anything, and help tells the exit codes', async () => {
  const help = await cli.run(['--help'])
  expect([help.code, help.stderr]).toEqual([0, ''])
  for (const word of [
    'run',
    'sessions',
    'show',
    'follow',
    'say',
    'answer',
    'stop',
    'mode',
    'resume',
    'fork',
    'export',
    'up',
    'worker',
    'doctor',
    'demo',
    'changes',
    'Exit codes',
  ])
    expect(help.stdout).toContain(word)
  expect(await cli.run(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
})

test.each([
  ['an unknown command', ['frobnicate']],
  ['a missing task', ['run', '--repo', '.']],
  ['two kinds of autonomy', ['run', '--repo', '.', '--task', 'x', '--auto', '--approve']],
  ['a budget that is no amount', ['run', '--repo', '.', '--task', 'x', '--budget', 'much']],
  ['a folder that is not there', ['run', '--repo', './nowhere', '--task', 'x', '--model', 'scripted/x.yaml']],
  ['a script that is not there', ['run', '--repo', '/', '--task', 'x', '--model', 'scripted/nowhere.yaml']],
  ['a session that is not there', ['show', 'nothing']],
  ['a session that is nothing', ['show', '']],
  ['the mode of a session that is not there', ['mode', 'nothing', 'auto']],
  ['a task that is nothing', ['run', '--repo', '.', '--task', ' ', '--model', 'scripted/x.yaml']],
])('%s is a usage error that says what is wrong', async (_name, args) => {
  const { code, stdout, stderr } = await cli.run(args)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr.length).toBeGreaterThan(20)
  expect(stderr).not.toContain('    at ')
})

test('a session that cannot be written out names the flag, and words that say nothing are refused', async () => {
  const model = await cli.script('short', changeGreeting())
  const sessionId = eventsOf((await cli.run(task('--auto', '--model', model, '--json'))).stdout)[0]?.sessionId ?? ''
  const exported = await cli.run(['export', sessionId, '--output', 'nowhere/out.md'])
  expect([exported.code, exported.stderr]).toEqual([
    2,
    'slipway: --output nowhere/out.md cannot be written: its folder does not exist. Name a file in a folder that exists and is yours.\n',
  ])
  expect(await cli.run(['say', sessionId, ' '])).toMatchObject({
    code: 2,
    stderr: 'slipway: What you say is empty; send something in it.\n',
  })
})

test('a verified and published run exits with 0 and prints one event a line, nothing else', async () => {
  const model = await cli.script('good', changeGreeting())
  const { code, stdout, stderr } = await cli.run(task('--auto', '--model', model, '--check', 'grep -q bye farewell.txt', '--json'))
  const events = eventsOf(stdout)
  expect(events.map((event) => event.seq)).toEqual(events.map((_, at) => at + 1))
  expect(events.at(-1)?.body).toMatchObject({ type: 'session-finished', outcome: 'verified' })
  expect([code, stderr]).toEqual([0, ''])
  const sessionId = events[0]?.sessionId ?? ''
  const { stdout: branch } = await promisify(execFile)('git', [
    '--git-dir',
    cli.repository,
    'for-each-ref',
    '--format=%(refname:short)',
    `refs/heads/slipway/${sessionId}*`,
  ])
  expect(branch).toContain(sessionId)
  // The same events again, from another process.
  expect(eventsOf((await cli.run(['follow', sessionId.slice(0, 20), '--json'])).stdout)).toEqual(events)
})

test('a run that nobody verified exits with 3', async () => {
  const model = await cli.script('unverified', changeGreeting())
  expect((await cli.run(task('--auto', '--model', model))).code).toBe(3)
})

test('away from a terminal a question ends the run with 6 and how to answer; after the answer the session goes on', async () => {
  const model = await cli.script('asking', changeGreeting())
  const waiting = await cli.run(task('--model', model, '--check', 'true'))
  expect(waiting.code).toBe(6)
  const sessionId = /slipway answer (\w+) approve/.exec(waiting.stdout)?.[1] ?? ''
  expect(waiting.stdout).toMatch(/Approve this\?[\s\S]*branch +slipway\//)
  expect((await cli.run(['answer', sessionId, 'approve', '--ask', 'another'])).code).toBe(2)
  expect((await cli.run(['answer', sessionId, 'approve'])).code).toBe(0)
  expect((await cli.run(['resume', sessionId])).code).toBe(0)
})

test('the mode is changed while a question is open, counts from then on, and an ended session says that it has ended', async () => {
  const question = { tool_calls: [{ name: 'ask_human', input: { question: 'Shall I begin?', options: ['Begin'] } }] }
  const model = await cli.script('mode', changeGreeting([question]))
  const waiting = await cli.run(task('--model', model, '--check', 'true'))
  expect(waiting.code).toBe(6)
  const id = /slipway answer (\w{26}) /.exec(waiting.stdout)?.[1] ?? ''
  expect(await cli.run(['mode', id, 'auto'])).toEqual({
    code: 0,
    stdout: `Go ahead: asks only when the policy says so.\nThe open question still waits for your answer: slipway show ${id}\n`,
    stderr: '',
  })
  const unknown = await cli.run(['mode', id, 'yolo'])
  expect([unknown.code, unknown.stdout]).toEqual([2, ''])
  expect(unknown.stderr).toContain('Allowed choices are ask, plan, auto.')
  expect((await cli.run(['answer', id, 'Begin'])).code).toBe(0)
  // Nothing is asked before the push any more.
  expect((await cli.run(['resume', id])).code).toBe(0)
  const shown = await cli.run(['show', id])
  expect(shown.stdout).toContain('Go ahead: asks only when the policy says so')
  expect((await cli.run(['mode', id, 'auto'])).stdout).toMatch(/^Already in this mode\./)
  expect(await cli.run(['mode', id, 'ask'])).toEqual({
    code: 0,
    stdout: `Ask about everything: asks before the plan and each outward step.\nThis session has ended; the mode counts when it goes on: slipway say ${id} "<what else to change>"\n`,
    stderr: '',
  })
})

test('Ctrl-C stops the agent cleanly with 4, and resume goes on to the end', async () => {
  const model = await cli.script(
    'slow',
    changeGreeting([{ tool_calls: [{ name: 'bash', input: { command: '[ -e been-here ] || { touch been-here; sleep 60; }' } }] }]),
  )
  const run = cli.start(task('--auto', '--model', model, '--check', 'true', '--json'))
  await run.until('"tool-started"')
  run.child.kill('SIGINT')
  const { code, stdout } = await run.exited
  expect(code).toBe(4)
  const events = eventsOf(stdout)
  expect(events.map((event) => event.body.type)).toContain('stop-requested')
  expect(events.at(-1)?.body).toMatchObject({ type: 'session-finished', outcome: 'stopped' })
  expect((await cli.run(['resume', events[0]?.sessionId ?? ''])).code).toBe(0)
})

test('a second Ctrl-C leaves at once and says how to go on', async () => {
  const model = await cli.script(
    'stubborn',
    changeGreeting([{ tool_calls: [{ name: 'bash', input: { command: "trap '' TERM INT; sleep 60" } }] }]),
  )
  const run = cli.start(task('--auto', '--model', model))
  await run.until('sandbox')
  run.child.kill('SIGINT')
  await run.until('Ctrl-C again')
  const before = performance.now()
  run.child.kill('SIGINT')
  const { code, stderr } = await run.exited
  expect(code).toBe(4)
  // The command would take a minute.
  expect(performance.now() - before).toBeLessThan(30_000)
  expect(stderr).toMatch(/slipway resume \w{26}/)
})

test('a killed run comes to the same end when it is resumed', async () => {
  const model = await cli.script('killed', changeGreeting([{ tool_calls: [{ name: 'bash', input: { command: 'sleep 3' } }] }]))
  const run = cli.start(task('--auto', '--model', model, '--check', 'grep -q bye farewell.txt', '--json'))
  await run.until('"tool-started"')
  run.child.kill('SIGKILL')
  const sessionId = eventsOf((await run.exited).stdout)[0]?.sessionId ?? ''
  const resumed = await cli.run(['resume', sessionId, '--json'])
  expect(resumed.code).toBe(0)
  const all = eventsOf((await cli.run(['follow', sessionId, '--json'])).stdout)
  expect(all.filter((event) => event.body.type === 'change-request-opened')).toHaveLength(1)
  expect(all.at(-1)?.body).toMatchObject({ outcome: 'verified' })
})

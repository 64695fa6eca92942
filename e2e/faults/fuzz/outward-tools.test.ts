// What leaves the sandbox, with arguments of any shape: commit and publish through the real airlock to a real repository, and a
// tool of the repository's own MCP server. A whole session each, as `slipway run` does it.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { EventOf, SessionEvent } from '@slipway/core/events'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bash, finish, git, openAttack, type Attack } from '../../attacks/attack.ts'
import { deadlineMs, rounds } from '../effort.ts'
import { nearlyValidFor } from './from-schema.ts'
import { fuzz, within } from './fuzz.ts'
import { hostileJson, hostileText } from './hostile-values.ts'
import { shapedCalls, toolCalls, type ToolInput } from './tool-calls.ts'

let attack: Attack
beforeAll(async () => {
  attack = await openAttack()
})
afterAll(() => attack.close())

const sessionMs = 120_000
const maxMessageBytes = 33 * 1024

/** Says back what it was called with. */
const echoServer = `
const answer = (id, result) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', id, result }) + '\\n')
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line)
  if (method === 'initialize') answer(id, { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'x', version: '1' } })
  if (method === 'tools/list') answer(id, { tools: [{ name: 'say', inputSchema: ${JSON.stringify(echoSchema())} }] })
  if (method === 'tools/call') answer(id, { content: [{ type: 'text', text: 'heard ' + Object.keys(params.arguments).length + ' arguments' }] })
})
`

function echoSchema() {
  const text = { type: 'string' }
  return { type: 'object', properties: { text, count: { type: 'integer' }, list: { type: 'array', items: text } }, required: ['text'] }
}

const echoed = fc
  .oneof(
    { weight: 3, arbitrary: nearlyValidFor(echoSchema(), {}) },
    { weight: 1, arbitrary: fc.record({ text: hostileText, more: hostileJson }) },
  )
  .map(
    (input): ToolInput => ({
      tool: 'mcp__echo__say',
      input: Object(input) === input && !Array.isArray(input) ? (input as ToolInput['input']) : {},
    }),
  )

/** How many of each are in one session beside the first, which is in the right shape at least. */
const more = rounds({ short: 1, long: 3 })
const times = (first: fc.Arbitrary<ToolInput>, others: fc.Arbitrary<ToolInput>, count: number) =>
  fc.tuple(first, fc.array(others, { minLength: count, maxLength: count })).map(([one, rest]) => [one, ...rest])
/** A scripted model's file holds no deeper ones; those are for the test of arguments. */
const isShallow = ({ input }: ToolInput): boolean => depthOf(input) < 50
function depthOf(value: unknown): number {
  let depth = 0
  for (let level: unknown[] = [value]; level.length > 0 && depth < 50; depth++)
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []))
  return depth
}
const calls = fc.tuple(
  times(shapedCalls('commit'), toolCalls(['commit']).filter(isShallow), more),
  times(shapedCalls('publish'), toolCalls(['publish']).filter(isShallow), more - 1),
  times(
    fc.record({ text: hostileText }).map((input) => ({ tool: 'mcp__echo__say', input })),
    echoed.filter(isShallow),
    more,
  ),
)

test('commit, publish and a tool of a repository take any arguments, and nothing but the session’s own branch comes of it', {
  timeout: deadlineMs({ short: 3 * 60_000, long: 60 * 60_000 }),
}, async () => {
  let session = 0
  const done = { calls: 0, commits: 0, published: 0, heard: 0 }
  await fuzz({ name: 'outward tools', short: 1, long: 60, isKeptWhole: true }, calls, async ([commits, publications, said]) => {
    const repository = await attack.repository(`outward-${++session}`, {
      'server.cjs': echoServer,
      '.slipway/environment.yaml': 'mcp:\n  echo:\n    command: [node, server.cjs]\n',
    })
    const before = await refsOf(repository)
    // A commit takes what has changed since, and a publication needs one that was not published.
    const valid: ToolInput = { tool: 'commit', input: { message: 'chore: go on' } }
    const given = [...said, ...commits, ...publications.flatMap((each) => [valid, each])]
    const steps = given.flatMap((call, index) => [
      ...(call.tool === 'commit' ? [bash(`echo ${index} >> numbers.txt`)] : []),
      { tool_calls: [{ name: call.tool, input: call.input }] },
    ])
    const facts = await within(sessionMs, 'the session', attack.session({ repository, steps: [...steps, finish, finish] }))

    expect(facts.stderr).not.toMatch(/something is broken|\n {4}at |TypeError|RangeError/)
    const answers = outcomesOf(facts.events, ['commit', 'publish', 'mcp__echo__say'])
    expect(answers.map(({ tool }) => tool)).toEqual(given.map(({ tool }) => tool))
    for (const { tool, ok, output } of answers) expectPlain(tool, ok, output)
    expect(facts.only('session-finished')).toHaveLength(1)

    const after = await refsOf(repository)
    const pushed = facts.only('branch-pushed')
    const own = pushed.at(-1)
    const requests = Object.keys(after).filter((name) => /^refs\/slipway\/change-requests\/\d+$/.test(name))
    for (const name of requests) delete after[name]
    expect(requests).toHaveLength(own === undefined ? 0 : 1)
    expect(after).toEqual(own === undefined ? before : { ...before, [`refs/heads/${own.branch}`]: own.oid })
    await git(repository, 'fsck', '--strict', '--no-dangling')
    done.commits += facts.only('commit-offered').length
    if (own !== undefined) await expectOwnCommits(repository, own.oid)
    done.calls += given.length
    done.published += pushed.length
    done.heard += answers.filter(({ tool, ok }) => tool === 'mcp__echo__say' && ok).length
  })
  console.log(`outward tools: ${JSON.stringify(done)}`)
  // Some arguments of each are right enough to get through.
  expect(Math.min(...Object.values(done))).toBeGreaterThan(0)
})

interface Outcome {
  tool: string
  ok: boolean
  output: string
}

/** What became of the calls of these tools, in the order in which the model made them. */
function outcomesOf(events: SessionEvent[], tools: string[]): Outcome[] {
  const bodies = events.map(({ body }) => body)
  const finished = new Map(bodies.flatMap((body) => (body.type === 'tool-finished' ? [[body.callId, body] as const] : [])))
  const asked = bodies.flatMap((body) => (body.type === 'model-responded' ? body.content.filter((part) => part.type === 'tool-call') : []))
  return asked
    .filter(({ tool }) => tools.includes(tool))
    .map(({ tool, callId }) => {
      const { ok, output } = finished.get(callId) as EventOf<'tool-finished'>
      return { tool, ok, output }
    })
}

function expectPlain(tool: string, ok: boolean, output: string): void {
  expect(Buffer.byteLength(output)).toBeLessThanOrEqual(maxMessageBytes)
  expect(output).not.toMatch(/\[object Object\]|\bundefined\b|TypeError|RangeError|\n\s+at |\bE[A-Z]{4,}\b|fatal: /)
  if (!ok) expect([tool, output.length > 20]).toEqual([tool, true])
}

/** Branches, tags and everything else that a push could make or move. */
async function refsOf(repository: string): Promise<Record<string, string>> {
  const { stdout } = await promisify(execFile)('git', ['-C', repository, 'for-each-ref', '--format=%(refname) %(objectname)'])
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  )
}

/** Whatever the words of the message were: none of them became an option, a header or a control character. */
async function expectOwnCommits(repository: string, oid: string): Promise<void> {
  const log = await git(repository, 'log', '--format=%an <%ae> %cn <%ce>', `main..${oid}`)
  expect([...new Set(log.split('\n'))]).toHaveLength(1)
  const messages = await git(repository, 'log', '--format=%B', `main..${oid}`)
  expect(messages).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
  expect(messages).not.toContain('root:x:0')
}

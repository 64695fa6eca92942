// Whatever arguments a model sends: no exception leaves the tools, none takes longer than its deadline, and the answer says what to do.

import { posix } from 'node:path'
import { toolDefinitions } from '@slipway/agent/tools/definitions'
import { backgroundCommands } from '@slipway/agent/tools/background'
import { capOutput } from '@slipway/agent/tools/cap-output'
import { runSandboxTool } from '@slipway/agent/tools/sandbox-tools'
import type { ToolContext, ToolOutcome } from '@slipway/agent/tools/tool-outcome'
import { validateCall } from '@slipway/agent/tools/validate-call'
import { systemClock } from '@slipway/server/runtime/clock'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deadlineMs } from '../effort.ts'
import { fuzz, within } from './fuzz.ts'
import { openFuzzSandbox, type FuzzSandbox } from './fuzz-sandbox.ts'
import { strayPlaces } from './hostile-values.ts'
import { toolCalls, type ToolInput } from './tool-calls.ts'

let bench: FuzzSandbox
beforeAll(async () => {
  bench = await openFuzzSandbox()
})
afterAll(() => bench.close())

const testMs = deadlineMs({ short: 60_000, long: 30 * 60_000 })
/** A search gives up after 20 s; a command is given one second here. */
const callMs = 25_000
const maxMessageBytes = 4_096
const maxOutputBytes = 33 * 1024
const sandboxTools = ['read_file', 'list_files', 'search', 'edit_file', 'write_file', 'bash', 'bash_output', 'find_context']

test('arguments of any shape are taken or refused with what to send instead', { timeout: testMs }, async () => {
  await fuzz({ name: 'arguments', short: 1_500, long: 60_000 }, toolCalls(), ({ tool, input }) => {
    const startedAt = performance.now()
    const validated = validateCall(tool, input, toolDefinitions)
    expect(performance.now() - startedAt).toBeLessThan(15_000)
    if (!validated.ok) return expectAdvice(validated.message, { names: tool })
    expect(Object.getPrototypeOf(validated.input)).toBe(Object.prototype)
    expect(unknownFields(tool, validated.input)).toEqual([])
  })
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

test('no tool follows a path out of the work tree', { timeout: testMs }, async () => {
  const context = contextOf(bench)
  const treeHash = await bench.treeHash()
  const more: Record<string, Record<string, unknown>> = {
    read_file: {},
    list_files: {},
    search: { pattern: '.' },
    write_file: { content: 'x' },
    edit_file: { edits: [{ old_text: 'root:x', new_text: 'y' }] },
  }
  for (const path of strayPlaces.filter((each) => leaves(each, bench.sandbox.root)))
    for (const [tool, input] of Object.entries(more)) {
      const validated = validateCall(tool, { ...input, path }, toolDefinitions)
      const outcome = validated.ok ? await run({ tool, input: validated.input }, context) : { ok: false }
      expect([tool, path, outcome.ok]).toEqual([tool, path, false])
    }
  expect(await bench.treeHash()).toBe(treeHash)
})

test('every call that is let through ends in time, with an answer within its limits', { timeout: testMs }, async () => {
  const context = contextOf(bench)
  const around = await outsideOf(bench)
  let treeHash = await bench.treeHash()
  await fuzz({ name: 'calls', short: 120, long: 4_000, shortMs: 6_000 }, toolCalls(sandboxTools), async (call) => {
    const validated = validateCall(call.tool, call.input, toolDefinitions)
    if (!validated.ok) return
    const outcome = await run({ tool: call.tool, input: withShortWaits(validated.input) }, context)
    const shown = await capOutput(call.tool, outcome.output, noBlobs)
    expect(Buffer.byteLength(shown.output)).toBeLessThanOrEqual(maxOutputBytes)
    expect(outcome.problem === null).toBe(outcome.ok)
    if (!outcome.ok && call.tool !== 'bash') expectAdvice(shown.output, { names: '' })
    const after = await bench.treeHash()
    if (leaves(validated.input['path'], bench.sandbox.root)) expect(outcome.ok).toBe(false)
    if (!outcome.changed) expect(after).toBe(treeHash)
    treeHash = after
  })
  expect(await outsideOf(bench)).toBe(around)
})

async function run(call: ToolInput, context: ToolContext): Promise<ToolOutcome> {
  const outcome = await within(callMs, `${call.tool} ${JSON.stringify(call.input).slice(0, 500)}`, runSandboxTool(call, context))
  if (call.tool === 'bash' && typeof outcome.facts['background'] === 'string')
    await context.background.kill(bench.sandbox, outcome.facts['background'])
  return outcome
}

function contextOf({ sandbox }: FuzzSandbox): ToolContext {
  return {
    sandbox: async () => sandbox,
    signal: new AbortController().signal,
    clock: systemClock,
    onOutput: () => undefined,
    fileShas: new Map(),
    background: backgroundCommands(systemClock),
  }
}

/** A default time limit of two minutes is right for people and too long here. */
function withShortWaits(input: Record<string, unknown>): Record<string, unknown> {
  return {
    ...input,
    ...('command' in input ? { timeout_s: 1 } : {}),
    ...('wait_s' in input ? { wait_s: Math.min(1, Number(input['wait_s'])) } : {}),
  }
}

/** What lies around the work tree inside the sandbox. */
async function outsideOf({ sandbox }: FuzzSandbox): Promise<string> {
  let text = ''
  await sandbox.exec({
    argv: ['bash', '-c', 'ls -A / "$PWD/.." 2>&1; ls -A ~/ 2>&1 | head -50'],
    timeoutMs: 10_000,
    onOutput: (chunk) => void (text += Buffer.from(chunk).toString()),
  })
  return text
}

/** Whether a path leads out of the work tree, by its dots, from the root, or over the link that is there. */
function leaves(path: unknown, root: string): boolean {
  if (typeof path !== 'string') return false
  const place = posix.resolve(root, path)
  return (place !== root && !place.startsWith(`${root}/`)) || place.startsWith(`${root}/link-out/`)
}

const noBlobs = { put: async () => 'blob', get: async () => null }

function expectAdvice(message: string, { names }: { names: string }): void {
  expect(Buffer.byteLength(message)).toBeLessThanOrEqual(maxMessageBytes)
  expect(message.length).toBeGreaterThan(20)
  expect(message).toContain(names.slice(0, 40))
  expect(message).not.toMatch(/\[object Object\]|\bundefined\b|TypeError|RangeError|\n\s+at |frame too large|\bE[A-Z]{4,}\b/)
}

function unknownFields(tool: string, input: Record<string, unknown>): string[] {
  const schema = toolDefinitions.find(({ name }) => name === tool)?.inputSchema as { properties?: Record<string, unknown> } | undefined
  return Object.keys(input).filter((name) => !Object.hasOwn(schema?.properties ?? {}, name))
}

import { startBench } from '@slipway/agent/model/testing/wire-bench'
import type { AssistantPart } from '@slipway/core/events'
import type { PromptMessage } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { recordings } from './recordings.ts'

const noUsage = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 0, reasoningTokens: 0 }
const tools = ['read_file', 'list_files', 'bash'].map((name) => ({
  name,
  description: name,
  inputSchema: { type: 'object', properties: {} },
}))

test.each(recordings)('$api: $name', async ({ api, lines, answer, usage, goesBack = [] }) => {
  const bench = await startBench(api, ({ index }) =>
    index === 0 ? { recorded: lines.map((line) => JSON.stringify(line)) } : { text: 'ok' },
  )
  const result = await bench.call({ tools, effort: 'low' })
  if (answer === null) {
    expect(result).toMatchObject({ ok: false, failure: { cause: 'cut' }, usage })
    return bench.close()
  }
  expect(result).toMatchObject({ ok: true, finish: answer.finish, usage: { ...noUsage, ...usage } })
  const content = result.ok ? result.content : []
  expect(content.map((part) => [part.type, part.type === 'tool-call' ? part.input : part.text])).toEqual(answer.parts)

  // Through JSON, as the log keeps it, and back to the provider, which refuses what was changed.
  const next = await bench.call({
    tools,
    effort: 'low',
    ordinal: 1,
    messages: continued(JSON.parse(JSON.stringify(content)) as AssistantPart[]),
  })
  expect(next).toMatchObject({ ok: true })
  for (const mark of goesBack) expect(bench.double.requests[1]?.rawBody).toContain(mark)
  await bench.close()
})

/** The line that says how the answer ended. */
const END = /"(?:stop_reason|finish_reason|finishReason)":"|"type":"response\.completed"|"done":true,"done_reason"/

test.each(recordings.filter(({ answer }) => answer !== null))('$api: $name, but it ends early: never an answer', async ({ api, lines }) => {
  const whole = lines.map((line) => JSON.stringify(line))
  const endAt = whole.findIndex((line) => END.test(line))
  expect(endAt).toBeGreaterThan(0)
  const bench = await startBench(api, ({ index }) => ({ recorded: whole.slice(0, index) }))
  for (let kept = 0; kept <= endAt; kept++) {
    const result = await bench.call({ tools, effort: 'low' })
    expect([kept, result.ok ? 'answered' : result.failure.cause]).toEqual([kept, 'cut'])
  }
  await bench.close()
})

function continued(content: AssistantPart[]): PromptMessage[] {
  const calls = content.filter((part) => part.type === 'tool-call')
  return [
    { role: 'user', text: 'Fix the bug.', cache: false },
    { role: 'assistant', content, cache: false },
    calls.length === 0
      ? { role: 'user', text: 'Go on.', cache: true }
      : { role: 'tool', results: calls.map(({ callId, tool }) => ({ callId, tool, ok: true, output: 'done' })), cache: true },
  ]
}

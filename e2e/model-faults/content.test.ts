// What a provider says comes into the log whole, and goes back to it unchanged: its own double refuses a signature that was touched.

import { describe, expect, test } from 'vitest'
import type { Brain, DoubleRequest, ModelApi } from '../doubles/models/brain.ts'
import { sign } from '../doubles/models/wire.ts'
import { APIS, LONG_FILES, openStage, type Stage } from './play-session.ts'

const firstThought = 'Both files may matter, so I read them side by side.'
const secondThought = 'Now I know enough: one command more — ✓ 🚢.'
const brain: Brain = ({ assistantTurns }) => {
  if (assistantTurns === 0)
    return {
      reasoning: firstThought,
      text: 'I look at both.',
      toolCalls: [
        { name: 'read_file', input: { path: LONG_FILES[0], limit: 2 } },
        { name: 'read_file', input: { path: LONG_FILES[1], limit: 3 } },
      ],
    }
  if (assistantTurns === 1) return { reasoning: secondThought, toolCalls: [{ name: 'bash', input: { command: 'echo "a b"' } }] }
  return { reasoning: 'Nothing is left to do.', text: 'Done.' }
}

/** What proves that a thought came back as it was. */
const marksOf: Record<ModelApi, string[]> = {
  anthropic: [sign(firstThought), firstThought, sign(secondThought), secondThought],
  'openai-responses': [sign(firstThought), sign(secondThought)],
  'openai-chat': [firstThought, secondThought],
  google: [sign(JSON.stringify({ path: LONG_FILES[0], limit: 2 })), sign(JSON.stringify({ command: 'echo "a b"' }))],
  ollama: [firstThought, secondThought],
}

describe.each(APIS)('over the wire of %s', (api) => {
  test('text, thoughts, signatures and parallel calls come whole and go back unchanged', async () => {
    const stage = await openStage(api, brain)
    await stage.drive()
    expect(stage.state().finished).toEqual({ outcome: expect.any(String), summary: 'Done.' })
    expect(stage.bodies('model-failed')).toEqual([])
    expect(partsOf(stage)).toEqual([
      ['reasoning', firstThought],
      ['text', 'I look at both.'],
      ['read_file', { path: LONG_FILES[0], limit: 2 }],
      ['read_file', { path: LONG_FILES[1], limit: 3 }],
      ['reasoning', secondThought],
      ['bash', { command: 'echo "a b"' }],
      ['reasoning', 'Nothing is left to do.'],
      ['text', 'Done.'],
    ])
    const last = JSON.stringify(stage.double.requests.at(-1)?.body)
    for (const mark of marksOf[api]) expect(last).toContain(JSON.stringify(mark).slice(1, -1))
    expect(stage.double.requests[1]?.lastResults.map(({ output }) => output.includes('A line of some length'))).toEqual([true, true])
    expect(new Set(stage.bodies('tool-finished').map(({ callId }) => callId)).size).toBe(3)
    await stage.close()
  })

  test('a longer history only adds to the end of the shorter one', async () => {
    const stage = await openStage(api, brain)
    await stage.drive()
    const histories = stage.double.requests.map(historyOf)
    for (const [index, history] of histories.entries()) {
      const before = histories[index - 1] ?? []
      expect(history.slice(0, before.length)).toEqual(before)
    }
    await stage.close()
  })
})

function partsOf(stage: Stage): [string, unknown][] {
  return stage.bodies('model-responded').flatMap(({ content }) =>
    content.flatMap((part): [string, unknown][] => {
      if (part.type === 'tool-call') return [[part.tool, part.input]]
      return part.text === '' ? [] : [[part.type, part.text]]
    }),
  )
}

function historyOf({ body }: DoubleRequest): string[] {
  const history = body['messages'] ?? body['input'] ?? body['contents']
  // Anthropic's cache marks move with the end of the conversation; they are no part of what is compared by its cache.
  return Array.isArray(history) ? history.map((item) => JSON.stringify(item).replaceAll(',"cache_control":{"type":"ephemeral"}', '')) : []
}

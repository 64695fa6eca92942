import { parseScript } from '@slipway/agent/model/scripted/script'
import { openModels } from '@slipway/agent/model/open-models'
import { modelSettingsFrom } from '@slipway/agent/model/settings'
import type { PromptMessage } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import type { ModelApi } from './brain.ts'
import { environmentFor } from './environment.ts'
import { playScript } from './play-script.ts'
import { startModelDouble } from './server.ts'

const SCRIPT = `
name: walk
steps:
  - text: I look first.
    reasoning: What is here?
    tool_calls: [{name: bash, input: {command: ls}}]
  - tool_calls:
      - {name: write_file, input: {path: a.txt, content: "one\\ntwo"}}
      - {name: bash, input: {command: cat a.txt}}
    fault: {status: 503}
  - text: Done.
roles:
  title: [{text: A title}]
  explore: [{text: Explored}]
  summarise: [{text: A summary}]
`

const TOOLS = ['bash', 'write_file'].map((name) => ({ name, description: name, inputSchema: { type: 'object', properties: {} } }))

test.each<ModelApi>(['anthropic', 'openai-responses', 'openai-chat', 'google', 'ollama'])(
  'one script plays the same session over the wire of %s',
  async (api) => {
    const parsed = parseScript(SCRIPT, 'walk.yaml')
    if (!parsed.ok) throw new Error(parsed.message)
    const double = await startModelDouble({ api, brain: playScript(parsed.script) })
    const { variables, model } = environmentFor(api, double)
    const port = openModels(modelSettingsFrom(variables, '/'))
    const hooks = { signal: new AbortController().signal, onDelta: () => {} }
    const base = { sessionId: 's', model, effort: 'low' as const, maxOutputTokens: 4000 }
    const messages: PromptMessage[] = [{ role: 'user', text: 'Write a file.', cache: true }]
    const said: string[] = []
    for (let ordinal = 0, calls = 0; ordinal < 3 && calls < 6; calls++) {
      const result = await port.call(
        { ...base, callId: `call-${calls}`, role: 'code', system: [{ text: 'Work.', cache: true }], messages, tools: TOOLS, ordinal },
        hooks,
      )
      if (!result.ok) {
        said.push(`failed ${result.failure.status}`)
        continue
      }
      said.push(
        result.content
          .flatMap((part) =>
            part.type === 'text' ? [part.text] : part.type === 'tool-call' ? [`${part.tool} ${JSON.stringify(part.input)}`] : [],
          )
          .join('; '),
      )
      messages.push({ role: 'assistant', content: result.content, cache: false })
      messages.push({
        role: 'tool',
        cache: true,
        results: result.content.flatMap((part) =>
          part.type === 'tool-call' ? [{ callId: part.callId, tool: part.tool, ok: true, output: 'fine' }] : [],
        ),
      })
      ordinal++
    }
    expect(said).toEqual([
      'I look first.; bash {"command":"ls"}',
      'failed 503',
      'write_file {"path":"a.txt","content":"one\\ntwo"}; bash {"command":"cat a.txt"}',
      'Done.',
    ])

    const helper = async (role: 'title' | 'summarise' | 'explore', system: string, tools: typeof TOOLS): Promise<string> => {
      const result = await port.call(
        {
          ...base,
          callId: role,
          role,
          system: [{ text: system, cache: false }],
          messages: [{ role: 'user', text: 'x', cache: false }],
          tools,
          ordinal: 0,
        },
        hooks,
      )
      return result.ok ? result.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('') : result.failure.message
    }
    expect(await helper('title', 'Give the session a title.', [])).toBe('A title')
    expect(await helper('summarise', 'Summarise the work.', [])).toBe('A summary')
    expect(await helper('explore', 'Find it.', TOOLS.slice(0, 1))).toBe('Explored')
    await double.close()
  },
)

// The least that an agent can do: ask, run what was asked for, say what came out, until nothing is asked for. No sandbox, no log,
// no limits. Usage: node bare-loop.child.ts <address> <key>

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

interface Block {
  type: string
  id?: string
  name?: string
  text?: string
  input?: { command?: string }
}

const [address = '', key = ''] = process.argv.slice(2)
const messages: { role: string; content: unknown }[] = [{ role: 'user', content: 'Do the task.' }]
const tools = [
  { name: 'bash', description: 'Run a command.', input_schema: { type: 'object', properties: { command: { type: 'string' } } } },
]

for (;;) {
  const content = await ask()
  messages.push({ role: 'assistant', content })
  const calls = content.filter((block) => block.type === 'tool_use')
  if (calls.length === 0) break
  const results = await Promise.all(
    calls.map(async ({ id, input }) => {
      const { stdout } = await promisify(execFile)('bash', ['-c', input?.command ?? 'false'])
      return { type: 'tool_result', tool_use_id: id, content: stdout }
    }),
  )
  messages.push({ role: 'user', content: results })
}

async function ask(): Promise<Block[]> {
  const response = await fetch(`${address}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-sonnet-4-6', max_tokens: 1000, stream: true, tools, messages }),
  })
  const blocks: Block[] = []
  let json = ''
  for (const line of (await response.text()).split('\n')) {
    if (!line.startsWith('data: ')) continue
    const event = JSON.parse(line.slice(6)) as {
      type: string
      content_block?: Block
      delta?: { type: string; text?: string; partial_json?: string }
    }
    if (event.type === 'content_block_start' && event.content_block) blocks.push(event.content_block)
    const last = blocks.at(-1)
    if (event.delta?.type === 'text_delta' && last) last.text = `${last.text ?? ''}${event.delta.text ?? ''}`
    if (event.delta?.type === 'input_json_delta') json += event.delta.partial_json ?? ''
    if (event.type === 'content_block_stop' && last?.type === 'tool_use') {
      last.input = JSON.parse(json || '{}') as { command?: string }
      json = ''
    }
  }
  // Only what the API takes back.
  return blocks.filter((block) => block.type !== 'text' || (block.text ?? '').trim() !== '')
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ModelResult } from '@slipway/core/ports'
import { expect, test } from 'vitest'
import { openModels } from '../open-models.ts'
import { modelSettingsFrom } from '../settings.ts'

/** One answer with exactly this usage, as the server sends it. */
async function answerWith(usage: unknown): Promise<ModelResult> {
  const chunk = (fields: object): string =>
    `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', created: 1, model: 'm', ...fields })}\n\n`
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(
      chunk({ choices: [{ index: 0, delta: { content: 'hi' }, finish_reason: 'stop' }] }) +
        (usage === null ? '' : chunk({ choices: [], usage })) +
        'data: [DONE]\n\n',
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server has one
  const settings = modelSettingsFrom({ OPENAI_COMPATIBLE_BASE_URL: `http://127.0.0.1:${port}` }, '/')
  const request = {
    callId: 'c',
    sessionId: 's',
    role: 'code' as const,
    model: 'openai-compatible/m',
    effort: null,
    system: [],
    messages: [{ role: 'user' as const, text: 'x', cache: false }],
    tools: [],
    maxOutputTokens: 10,
    ordinal: 0,
  }
  const result = await openModels(settings).call(request, { signal: new AbortController().signal, onDelta: () => {} })
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  return result
}

test.each<[server: string, usage: unknown, expected: object]>([
  [
    'OpenAI, reasoning inside the completion',
    {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 80 },
      completion_tokens_details: { reasoning_tokens: 30 },
    },
    { inputTokens: 100, cacheReadTokens: 80, outputTokens: 50, reasoningTokens: 30 },
  ],
  [
    'xAI, reasoning beside the completion',
    {
      prompt_tokens: 307,
      completion_tokens: 26,
      total_tokens: 560,
      prompt_tokens_details: { cached_tokens: 306 },
      completion_tokens_details: { reasoning_tokens: 227 },
    },
    { inputTokens: 307, cacheReadTokens: 306, outputTokens: 253, reasoningTokens: 227 },
  ],
  [
    'DeepSeek, its own cache count',
    { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105, prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 },
    { inputTokens: 100, cacheReadTokens: 64, outputTokens: 5, reasoningTokens: 0 },
  ],
  ['a small server that reports nothing', null, { inputTokens: 0, cacheReadTokens: 0, outputTokens: 0, reasoningTokens: 0 }],
])('the usage of %s is understood', async (_, usage, expected) => {
  const result = await answerWith(usage)
  expect(result.ok && result.usage).toEqual({ cacheWriteTokens: 0, ...expected })
})

// Chat Completions as server-sent events, as OpenAI-compatible servers speak it.

import { argumentsOf, earlyUsageOf, pieces, usageOf } from './brain.ts'
import type { DoubleReply, DoubleRequest, DoubleUsage } from './brain.ts'
import { openaiErrorBody, openaiOverflow, openaiWrongKey } from './openai-errors.ts'
import { asList, asObject, asText, countRuns, textOf } from './wire.ts'
import type { Frame, Json, ProviderError, Wire } from './wire.ts'

export const openaiChatWire: Wire = {
  contentType: 'text/event-stream; charset=utf-8',
  isCall: (method, path) => method === 'POST' && path === '/v1/chat/completions',
  hasKey: (headers, key) => headers.authorization === `Bearer ${key}`,
  wrongKey: openaiWrongKey,
  page: () => null,
  refuse,
  read,
  framed: (line) => `data: ${line}\n\n`,
  frames,
  errorBody: openaiErrorBody,
  errorFrame: (error) => `data: ${openaiErrorBody(error)}\n\n`,
  overflow: openaiOverflow(
    "This model's maximum context length is 128000 tokens. However, your messages resulted in 140211 tokens. Please reduce the length of the messages.",
  ),
}

function refuse(body: Json): ProviderError | null {
  const messages = asList(body['messages'])
  const invalid = (message: string): ProviderError => ({ status: 400, code: null, message })
  if (messages.slice(1).some((message) => message['role'] === 'system')) return invalid('System message must be at the beginning.')
  for (const [index, message] of messages.entries()) {
    const ids = asList(message['tool_calls']).map((call) => call['id'])
    const answered = messages.slice(index + 1, index + 1 + ids.length).map((next) => next['tool_call_id'])
    if (ids.some((id) => !answered.includes(id)))
      return invalid("An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.")
  }
  return null
}

function read(body: Json) {
  const messages = asList(body['messages'])
  const results = messages.slice(messages.findLastIndex((message) => message['role'] !== 'tool') + 1)
  return {
    model: asText(body['model']),
    system: messages
      .filter((message) => message['role'] === 'system')
      .map((message) => textOf(message['content']))
      .join('\n'),
    tools: asList(body['tools']).map((tool) => asText(asObject(tool['function'])['name'])),
    assistantTurns: countRuns(messages, (message) => message['role'] === 'assistant'),
    lastUserText: textOf(messages.findLast((message) => message['role'] === 'user')?.['content']),
    lastResults: results.map((message) => ({ id: asText(message['tool_call_id']), output: textOf(message['content']), failed: false })),
  }
}

function usageBody(usage: Required<DoubleUsage>): Json {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cacheRead },
    completion_tokens_details: { reasoning_tokens: usage.reasoning },
  }
}

function frames(request: DoubleRequest, reply: DoubleReply): Frame[] {
  const usage = usageOf(request, reply)
  const chunk = (fields: Json, characters = 0): Frame => ({
    data: `data: ${JSON.stringify({ id: `chatcmpl-double-${request.index}`, object: 'chat.completion.chunk', created: 1_770_933_892, model: request.model, ...fields })}\n\n`,
    characters,
  })
  // Some servers count along with every piece.
  const soFar = reply.earlyUsage ? { usage: usageBody(earlyUsageOf(request, reply)) } : {}
  const delta = (content: Json, characters = 0): Frame =>
    chunk({ choices: [{ index: 0, delta: content, finish_reason: null }], ...soFar }, characters)
  const calls = reply.toolCalls ?? []
  const finish =
    reply.finish === 'length' ? 'length' : reply.finish === 'refusal' ? 'content_filter' : calls.length > 0 ? 'tool_calls' : 'stop'
  return [
    delta({ role: 'assistant', content: '' }),
    ...pieces(reply.reasoning ?? '').map((piece) => delta({ reasoning_content: piece }, piece.length)),
    ...pieces(reply.text ?? '').map((piece) => delta({ content: piece }, piece.length)),
    ...calls.flatMap((call, index) => [
      delta({
        tool_calls: [
          {
            index,
            id: call.id ?? `call_double_${request.index}_${index}_x`,
            type: 'function',
            function: { name: call.name, arguments: '' },
          },
        ],
      }),
      ...pieces(argumentsOf(call)).map((piece) => delta({ tool_calls: [{ index, function: { arguments: piece } }] }, piece.length)),
    ]),
    chunk({ choices: [{ index: 0, delta: {}, finish_reason: finish }] }),
    chunk({
      choices: [],
      usage: usageBody(usage),
    }),
    { data: 'data: [DONE]\n\n', characters: 0 },
  ]
}

// Anthropic's Messages API as server-sent events, with its prompt cache.

import { createHash } from 'node:crypto'
import { argumentsOf, pieces, usageOf } from './brain.ts'
import type { DoubleReply, DoubleRequest } from './brain.ts'
import { asList, asObject, asText, countRuns, sign, textOf } from './wire.ts'
import type { Frame, Json, ProviderError, Wire } from './wire.ts'

const TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}
const MESSAGES: Record<number, string> = {
  429: 'This request would exceed the rate limit for your organization of 50,000 input tokens per minute.',
  500: 'Internal server error',
  529: 'Overloaded',
}

/** Each double has a cache of its own: prefixes that ended at a marker, with their size in tokens. */
export function makeAnthropicWire(): Wire {
  const cached = new Map<string, number>()
  return {
    contentType: 'text/event-stream; charset=utf-8',
    isCall: (method, path) => method === 'POST' && path === '/v1/messages',
    hasKey: (headers, key) => headers['x-api-key'] === key,
    wrongKey: () => ({ status: 401, body: errorBody({ status: 401, code: null, message: 'invalid x-api-key' }) }),
    page: ({ path }) =>
      /^\/v1\/models\/claude-[\w.-]+$/.test(path)
        ? { status: 200, body: { type: 'model', id: path.slice('/v1/models/'.length), display_name: 'Claude' } }
        : null,
    refuse,
    read,
    framed: (line) => `event: ${asText(asObject(JSON.parse(line))['type'])}\ndata: ${line}\n\n`,
    frames: (request, reply) => frames(request, reply, cacheCounts(request, cached)),
    errorBody,
    errorFrame: (error) => event(asObject(JSON.parse(errorBody(error)))).data,
    overflow: { status: 400, code: null, message: 'prompt is too long: 215420 tokens > 200000 maximum' },
  }
}

function errorBody(error: ProviderError): string {
  const type = error.code ?? TYPES[error.status] ?? 'api_error'
  return JSON.stringify({
    type: 'error',
    error: { type, message: error.message ?? MESSAGES[error.status] ?? type },
    request_id: 'req_double',
  })
}

function refuse(body: Json, headers: Record<string, unknown>): ProviderError | null {
  const invalid = (message: string): ProviderError => ({ status: 400, code: null, message })
  if (headers['anthropic-version'] === undefined) return invalid('anthropic-version: header is required')
  if (typeof body['max_tokens'] !== 'number') return invalid('max_tokens: Field required')
  const messages = asList(body['messages'])
  if (messages[0]?.['role'] !== 'user') return invalid('messages: first message must use the "user" role')
  const markers = JSON.stringify(body).split('"cache_control"').length - 1
  if (markers > 4) return invalid(`A maximum of 4 blocks with cache_control may be provided. Found ${markers}.`)
  for (const [index, message] of messages.entries()) {
    const blocks = asList(message['content'])
    for (const block of blocks) {
      if (block['type'] === 'text' && asText(block['text']).trim() === '')
        return invalid(`messages.${index}: text content blocks must contain non-whitespace text`)
      if (block['type'] === 'thinking' && block['signature'] !== sign(asText(block['thinking'])))
        return invalid(`messages.${index}: Invalid \`signature\` in \`thinking\` block`)
      if (block['type'] === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(asText(block['id'])))
        return invalid(`messages.${index}: tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`)
    }
    const used = blocks.filter((block) => block['type'] === 'tool_use').map((block) => block['id'])
    const answered = asList(messages[index + 1]?.['content'])
      .filter((block) => block['type'] === 'tool_result')
      .map((block) => block['tool_use_id'])
    if (used.some((id) => !answered.includes(id)))
      return invalid(`messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after`)
  }
  return null
}

function read(body: Json) {
  const messages = asList(body['messages'])
  const last = messages.at(-1)
  const results = asList(last?.['content']).filter((block) => block['type'] === 'tool_result')
  return {
    model: asText(body['model']),
    system: textOf(body['system']),
    tools: asList(body['tools']).map((tool) => asText(tool['name'])),
    assistantTurns: countRuns(messages, (message) => message['role'] === 'assistant'),
    lastUserText: textOf(messages.findLast((message) => message['role'] === 'user' && textOf(message['content']) !== '')?.['content']),
    lastResults: results.map((block) => ({
      id: asText(block['tool_use_id']),
      output: textOf(block['content']),
      failed: block['is_error'] === true,
    })),
  }
}

/** Reads the longest known prefix, writes the longest marked one, as the real cache does. */
function cacheCounts(request: DoubleRequest, cached: Map<string, number>): { read: number; write: number } {
  const blocks = [
    ...asList(request.body['tools']),
    ...asList(request.body['system']),
    ...asList(request.body['messages']).flatMap((message) =>
      asList(message['content']).map((block): Json => ({ role: message['role'], ...block })),
    ),
  ]
  const prefix = createHash('sha256')
  let length = 0
  let readTokens = 0
  let writeTokens = 0
  for (const { cache_control: marker, ...block } of blocks) {
    const text = `${JSON.stringify(block)}\n`
    length += text.length
    const key = prefix.update(text).copy().digest('base64')
    readTokens = Math.max(readTokens, cached.get(key) ?? 0)
    if (marker === undefined) continue
    writeTokens = Math.ceil(length / 4)
    cached.set(key, writeTokens)
  }
  return { read: readTokens, write: Math.max(0, writeTokens - readTokens) }
}

function frames(request: DoubleRequest, reply: DoubleReply, cache: { read: number; write: number }): Frame[] {
  const given = usageOf(request, reply)
  const read = reply.usage?.cacheRead ?? cache.read
  const write = reply.usage?.cacheWrite ?? cache.write
  const input = inputCounts({ input: given.input, read, write })
  const early = reply.earlyUsage
  const earlyInput = early ? inputCounts({ input: early.input, read: early.cacheRead ?? 0, write: early.cacheWrite ?? 0 }) : input
  const message = {
    id: `msg_double_${request.index}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...earlyInput, output_tokens: early?.output ?? 1 },
  }
  const blocks = [
    ...(reply.reasoning ? [thinking(reply.reasoning)] : []),
    ...(reply.text ? [text(reply.text)] : []),
    ...(reply.toolCalls ?? []).map((call, index) => toolUse(call, `toolu_double_${request.index}_${index}_x`)),
  ]
  const stop =
    reply.finish === 'length'
      ? 'max_tokens'
      : reply.finish === 'refusal'
        ? 'refusal'
        : (reply.toolCalls ?? []).length > 0
          ? 'tool_use'
          : 'end_turn'
  return [
    event({ type: 'message_start', message }),
    event({ type: 'ping' }),
    ...blocks.flatMap((block, index) => block(index)),
    event({
      type: 'message_delta',
      delta: { stop_reason: stop, stop_sequence: null },
      usage: {
        ...input,
        output_tokens: given.output,
        ...(given.reasoning > 0 ? { output_tokens_details: { thinking_tokens: given.reasoning } } : {}),
      },
    }),
    event({ type: 'message_stop' }),
  ]
}

function inputCounts({ input, read, write }: { input: number; read: number; write: number }) {
  return { input_tokens: Math.max(0, input - read - write), cache_creation_input_tokens: write, cache_read_input_tokens: read }
}

type Block = (index: number) => Frame[]

function thinking(content: string): Block {
  return (index) => [
    event({ type: 'content_block_start', index, content_block: { type: 'thinking', thinking: '', signature: '' } }),
    ...pieces(content).map((piece) =>
      event({ type: 'content_block_delta', index, delta: { type: 'thinking_delta', thinking: piece } }, piece.length),
    ),
    event({ type: 'content_block_delta', index, delta: { type: 'signature_delta', signature: sign(content) } }),
    event({ type: 'content_block_stop', index }),
  ]
}

function text(content: string): Block {
  return (index) => [
    event({ type: 'content_block_start', index, content_block: { type: 'text', text: '' } }),
    ...pieces(content).map((piece) =>
      event({ type: 'content_block_delta', index, delta: { type: 'text_delta', text: piece } }, piece.length),
    ),
    event({ type: 'content_block_stop', index }),
  ]
}

function toolUse(call: Parameters<typeof argumentsOf>[0], id: string): Block {
  return (index) => [
    event({ type: 'content_block_start', index, content_block: { type: 'tool_use', id: call.id ?? id, name: call.name, input: {} } }),
    event({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: '' } }),
    ...pieces(argumentsOf(call)).map((piece) =>
      event({ type: 'content_block_delta', index, delta: { type: 'input_json_delta', partial_json: piece } }, piece.length),
    ),
    event({ type: 'content_block_stop', index }),
  ]
}

function event(data: Json, characters = 0): Frame {
  return { data: `event: ${asText(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`, characters }
}

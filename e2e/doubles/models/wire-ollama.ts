// Ollama's chat API as lines of JSON. It wants no key and takes any.

import { pieces, usageOf } from './brain.ts'
import type { DoubleReply, DoubleRequest } from './brain.ts'
import { asList, asObject, asText, countRuns, textOf } from './wire.ts'
import type { Frame, Json, ProviderError, Wire } from './wire.ts'

export const ollamaWire: Wire = {
  contentType: 'application/x-ndjson',
  isCall: (method, path) => method === 'POST' && path === '/api/chat',
  hasKey: () => true,
  wrongKey: () => ({ status: 401, body: '{"error":"unauthorized"}' }),
  page,
  refuse: (body) =>
    body['model'] === 'gemma:2b' && asList(body['tools']).length > 0
      ? { status: 400, code: null, message: 'registry.ollama.ai/library/gemma:2b does not support tools' }
      : null,
  read,
  framed: (line) => `${line}\n`,
  frames,
  errorBody,
  errorFrame: (error) => `${errorBody(error)}\n`,
  overflow: { status: 400, code: null, message: 'prompt too long; exceeded max context length by 1234 tokens' },
}

/** Installed: `qwen3:8b` (tools, thinking) and `gemma:2b` (neither). */
function page({ method, path, body }: { method: string; path: string; body: Json }): { status: number; body: unknown } | null {
  if (method === 'GET' && path === '/api/tags') return { status: 200, body: { models: [{ name: 'gemma:2b' }, { name: 'qwen3:8b' }] } }
  if (method !== 'POST' || path !== '/api/show') return null
  const model = asText(body['model'])
  if (model === 'qwen3:8b')
    return {
      status: 200,
      body: {
        capabilities: ['completion', 'tools', 'thinking'],
        model_info: { 'general.architecture': 'qwen3', 'qwen3.context_length': 40_960 },
        parameters: 'temperature 0.6',
      },
    }
  if (model === 'gemma:2b') return { status: 200, body: { capabilities: ['completion'], model_info: { 'gemma.context_length': 8_192 } } }
  return { status: 404, body: { error: `model '${model}' not found` } }
}

function errorBody(error: ProviderError): string {
  return JSON.stringify({ error: error.message ?? (error.status === 404 ? 'model not found' : 'llama runner process has terminated') })
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

function frames(request: DoubleRequest, reply: DoubleReply): Frame[] {
  const usage = usageOf(request, reply)
  const line = (fields: Json, characters = 0): Frame => ({
    data: `${JSON.stringify({ model: request.model, created_at: '2026-01-02T03:04:05.678Z', ...fields })}\n`,
    characters,
  })
  const message = (content: Json, characters: number): Frame =>
    line({ message: { role: 'assistant', content: '', ...content }, done: false }, characters)
  return [
    ...pieces(reply.reasoning ?? '').map((thinking) => message({ thinking }, thinking.length)),
    ...pieces(reply.text ?? '').map((content) => message({ content }, content.length)),
    // Ollama parses the arguments itself and sends a call in one piece.
    ...(reply.toolCalls ?? []).map((call) =>
      message(
        { tool_calls: [{ ...(call.id === undefined ? {} : { id: call.id }), function: { name: call.name, arguments: call.input ?? {} } }] },
        JSON.stringify(call.input ?? {}).length,
      ),
    ),
    line({
      message: { role: 'assistant', content: '' },
      done: true,
      done_reason: reply.finish === 'length' ? 'length' : 'stop',
      prompt_eval_count: usage.input,
      eval_count: usage.output,
      total_duration: 1,
      load_duration: 1,
    }),
  ]
}

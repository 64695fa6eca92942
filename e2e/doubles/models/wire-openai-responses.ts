// OpenAI's Responses API as server-sent events, with encrypted reasoning and nothing stored.

import { argumentsOf, pieces, usageOf } from './brain.ts'
import type { DoubleReply, DoubleRequest } from './brain.ts'
import { openaiErrorBody, openaiOverflow, openaiWrongKey } from './openai-errors.ts'
import { asList, asObject, asText, countRuns, sign, textOf } from './wire.ts'
import type { Frame, Json, ProviderError, Wire } from './wire.ts'

export const openaiResponsesWire: Wire = {
  contentType: 'text/event-stream; charset=utf-8',
  isCall: (method, path) => method === 'POST' && path === '/v1/responses',
  hasKey: (headers, key) => headers.authorization === `Bearer ${key}`,
  wrongKey: openaiWrongKey,
  page: ({ path }) =>
    /^\/v1\/models\/(gpt|o\d)[\w.-]*$/.test(path) ? { status: 200, body: { id: path.slice('/v1/models/'.length), object: 'model' } } : null,
  refuse,
  read,
  framed: (line) => `event: ${asText(asObject(JSON.parse(line))['type'])}\ndata: ${line}\n\n`,
  frames,
  errorBody: openaiErrorBody,
  errorFrame: (error) =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', sequence_number: 99, ...asObject(JSON.parse(openaiErrorBody(error))) })}\n\n`,
  overflow: openaiOverflow('Your input exceeds the context window of this model. Please adjust your input and try again.'),
}

function refuse(body: Json): ProviderError | null {
  const invalid = (message: string): ProviderError => ({ status: 400, code: 'invalid_request_error', message })
  const input = asList(body['input'])
  const outputs = new Set(input.filter((item) => item['type'] === 'function_call_output').map((item) => item['call_id']))
  for (const item of input) {
    if (item['type'] === 'function_call' && !outputs.has(item['call_id']))
      return invalid(`No tool output found for function call ${asText(item['call_id'])}.`)
    if (item['type'] === 'item_reference')
      return invalid(`Item '${asText(item['id'])}' not found. Items are not persisted when \`store\` is set to false.`)
    const summary = asList(item['summary'])
      .map((part) => asText(part['text']))
      .join('')
    if (item['type'] === 'reasoning' && item['encrypted_content'] !== sign(summary))
      return invalid('The encrypted content could not be verified.')
  }
  return null
}

function read(body: Json) {
  const input = asList(body['input'])
  const results = asList(input.slice(input.findLastIndex((item) => item['type'] !== 'function_call_output') + 1))
  return {
    model: asText(body['model']),
    system: input
      .filter((item) => item['role'] === 'system' || item['role'] === 'developer')
      .map((item) => textOf(item['content']))
      .join('\n'),
    tools: asList(body['tools']).map((tool) => asText(tool['name'])),
    assistantTurns: countRuns(
      input,
      (item) => item['role'] === 'assistant' || item['type'] === 'function_call' || item['type'] === 'reasoning',
    ),
    lastUserText: textOf(input.findLast((item) => item['role'] === 'user')?.['content']),
    // This API has no flag for a failed call; the client wraps the text.
    lastResults: results.map((item) => ({
      id: asText(item['call_id']),
      output: textOf(item['output']),
      failed: textOf(item['output']).startsWith('{"error":'),
    })),
  }
}

function frames(request: DoubleRequest, reply: DoubleReply): Frame[] {
  const usage = usageOf(request, reply)
  const response = {
    id: `resp_double_${request.index}`,
    object: 'response',
    created_at: 1_765_552_659,
    model: request.model,
    output: [],
    store: false,
  }
  const isCut = reply.finish === 'length'
  const items = [
    ...(reply.reasoning
      ? [reasoning(reply.reasoning, `rs_double_${request.index}`, JSON.stringify(request.body['include'] ?? []).includes('encrypted'))]
      : []),
    ...(reply.text
      ? [
          reply.finish === 'refusal'
            ? refusal(reply.text, `msg_double_${request.index}`)
            : message(reply.text, `msg_double_${request.index}`),
        ]
      : []),
    ...(reply.toolCalls ?? []).map((call, index) =>
      functionCall(call, `fc_double_${request.index}_${index}`, call.id ?? `call_double_${request.index}_${index}_x`),
    ),
  ]
  const done = {
    ...response,
    status: isCut ? 'incomplete' : 'completed',
    incomplete_details: isCut
      ? { reason: 'max_output_tokens' }
      : reply.finish === 'refusal' && !reply.text
        ? { reason: 'content_filter' }
        : null,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cacheRead },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning },
      total_tokens: usage.input + usage.output,
    },
  }
  const wasFiltered = reply.finish === 'refusal' && !reply.text
  return [
    event({ type: 'response.created', response: { ...response, status: 'in_progress', usage: null } }),
    event({ type: 'response.in_progress', response: { ...response, status: 'in_progress', usage: null } }),
    ...items.flatMap((item, index) => item(index)),
    event({ type: isCut || wasFiltered ? 'response.incomplete' : 'response.completed', response: done }),
  ]
}

type Item = (index: number) => Frame[]

/** Without the include, the real API sends no encrypted content and the item cannot go back. */
function reasoning(content: string, id: string, isEncrypted: boolean): Item {
  const encrypted = isEncrypted ? { encrypted_content: sign(content) } : {}
  return (index) => [
    event({
      type: 'response.output_item.added',
      output_index: index,
      item: { id, type: 'reasoning', summary: [], ...(isEncrypted ? { encrypted_content: 'partial' } : {}) },
    }),
    event({
      type: 'response.reasoning_summary_part.added',
      item_id: id,
      output_index: index,
      summary_index: 0,
      part: { type: 'summary_text', text: '' },
    }),
    ...pieces(content).map((delta) =>
      event({ type: 'response.reasoning_summary_text.delta', item_id: id, output_index: index, summary_index: 0, delta }, delta.length),
    ),
    event({
      type: 'response.reasoning_summary_part.done',
      item_id: id,
      output_index: index,
      summary_index: 0,
      part: { type: 'summary_text', text: content },
    }),
    event({
      type: 'response.output_item.done',
      output_index: index,
      item: { id, type: 'reasoning', summary: [{ type: 'summary_text', text: content }], ...encrypted },
    }),
  ]
}

function message(content: string, id: string): Item {
  const item = { id, type: 'message', role: 'assistant' }
  return (index) => [
    event({ type: 'response.output_item.added', output_index: index, item: { ...item, status: 'in_progress', content: [] } }),
    event({
      type: 'response.content_part.added',
      item_id: id,
      output_index: index,
      content_index: 0,
      part: { type: 'output_text', annotations: [], text: '' },
    }),
    ...pieces(content).map((delta) =>
      event({ type: 'response.output_text.delta', item_id: id, output_index: index, content_index: 0, delta }, delta.length),
    ),
    event({ type: 'response.output_text.done', item_id: id, output_index: index, content_index: 0, text: content }),
    event({
      type: 'response.output_item.done',
      output_index: index,
      item: { ...item, status: 'completed', content: [{ type: 'output_text', annotations: [], text: content }] },
    }),
  ]
}

function refusal(content: string, id: string): Item {
  const item = { id, type: 'message', role: 'assistant' }
  return (index) => [
    event({ type: 'response.output_item.added', output_index: index, item: { ...item, status: 'in_progress', content: [] } }),
    ...pieces(content).map((delta) =>
      event({ type: 'response.refusal.delta', item_id: id, output_index: index, content_index: 0, delta }, delta.length),
    ),
    event({ type: 'response.refusal.done', item_id: id, output_index: index, content_index: 0, refusal: content }),
    event({
      type: 'response.output_item.done',
      output_index: index,
      item: { ...item, status: 'completed', content: [{ type: 'refusal', refusal: content }] },
    }),
  ]
}

function functionCall(call: Parameters<typeof argumentsOf>[0], id: string, callId: string): Item {
  const item = { id, type: 'function_call', call_id: callId, name: call.name }
  const json = argumentsOf(call)
  return (index) => [
    event({ type: 'response.output_item.added', output_index: index, item: { ...item, status: 'in_progress', arguments: '' } }),
    ...pieces(json).map((delta) =>
      event({ type: 'response.function_call_arguments.delta', item_id: id, output_index: index, delta }, delta.length),
    ),
    event({ type: 'response.function_call_arguments.done', item_id: id, output_index: index, arguments: json }),
    event({ type: 'response.output_item.done', output_index: index, item: { ...item, status: 'completed', arguments: json } }),
  ]
}

function event(data: Json, characters = 0): Frame {
  return { data: `event: ${asText(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`, characters }
}

// Gemini's streamGenerateContent as server-sent events, with thought signatures.

import { argumentsOf, earlyUsageOf, pieces, usageOf } from './brain.ts'
import type { DoubleReply, DoubleRequest, DoubleUsage } from './brain.ts'
import { asList, asObject, asText, countRuns, sign } from './wire.ts'
import type { Frame, Json, ProviderError, Wire } from './wire.ts'

const STATUS: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  429: 'RESOURCE_EXHAUSTED',
  500: 'INTERNAL',
  503: 'UNAVAILABLE',
}
const MESSAGES: Record<number, string> = {
  429: 'Resource has been exhausted (e.g. check quota).',
  500: 'An internal error has occurred. Please retry.',
  503: 'The model is overloaded. Please try again later.',
}
const CALL = /^\/v1beta\/models\/([\w.-]+):streamGenerateContent\?alt=sse$/

export const googleWire: Wire = {
  contentType: 'text/event-stream',
  isCall: (method, path) => method === 'POST' && CALL.test(path),
  hasKey: (headers, key) => headers['x-goog-api-key'] === key,
  wrongKey: () => ({
    status: 400,
    body: JSON.stringify({
      error: {
        code: 400,
        message: 'API key not valid. Please pass a valid API key.',
        status: 'INVALID_ARGUMENT',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' }],
      },
    }),
  }),
  page: ({ path }) =>
    /^\/v1beta\/models\/gemini-[\w.-]+$/.test(path) ? { status: 200, body: { name: path.slice('/v1beta/'.length) } } : null,
  refuse,
  read,
  framed: (line) => `data: ${line}\r\n\r\n`,
  frames,
  errorBody,
  errorFrame: (error) => `data: ${errorBody(error)}\r\n\r\n`,
  overflow: { status: 400, code: null, message: 'The input token count (1196265) exceeds the maximum number of tokens allowed (1048576).' },
}

/** A rate limit names its delay in the body, not in a header. */
function errorBody(error: ProviderError): string {
  const details = error.status === 429 ? { details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }] } : {}
  return JSON.stringify({
    error: {
      code: error.status,
      message: error.message ?? MESSAGES[error.status] ?? 'error',
      status: error.code ?? STATUS[error.status] ?? 'UNKNOWN',
      ...details,
    },
  })
}

function partsOf(content: Json): Json[] {
  return asList(content['parts'])
}

function refuse(body: Json): ProviderError | null {
  const invalid = (message: string): ProviderError => ({ status: 400, code: null, message })
  const contents = asList(body['contents'])
  for (const [index, content] of contents.entries()) {
    const calls = partsOf(content).filter((part) => part['functionCall'] !== undefined)
    const answers = partsOf(contents[index + 1] ?? {}).filter((part) => part['functionResponse'] !== undefined)
    if (calls.length > 0 && calls.length !== answers.length)
      return invalid(
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      )
    const first = calls[0]
    if (
      first &&
      first['thoughtSignature'] !== sign(JSON.stringify(asObject(first['functionCall'])['args'] ?? {})) &&
      first['thoughtSignature'] !== 'skip_thought_signature_validator'
    ) {
      return invalid(`Function call is missing a thought_signature in functionCall parts, position ${index}.`)
    }
  }
  return null
}

function read(body: Json, path: string) {
  const contents = asList(body['contents'])
  const last = contents.at(-1) ?? {}
  const text = (content: Json): string =>
    partsOf(content)
      .map((part) => asText(part['text']))
      .join('')
  return {
    model: CALL.exec(path)?.[1] ?? '',
    system: text(asObject(body['systemInstruction'])),
    tools: asList(body['tools']).flatMap((tool) => asList(tool['functionDeclarations']).map((declaration) => asText(declaration['name']))),
    assistantTurns: countRuns(contents, (content) => content['role'] === 'model'),
    lastUserText: text(contents.findLast((content) => content['role'] === 'user' && text(content) !== '') ?? {}),
    lastResults: partsOf(last).flatMap((part) => {
      const answer = asObject(part['functionResponse'])
      if (part['functionResponse'] === undefined) return []
      return [
        {
          id: asText(answer['id']),
          output: JSON.stringify(answer['response'] ?? {}),
          failed: JSON.stringify(answer['response'] ?? {}).includes('"error"'),
        },
      ]
    }),
  }
}

function frames(request: DoubleRequest, reply: DoubleReply): Frame[] {
  const final = usageMetadataOf(usageOf(request, reply))
  const soFar = usageMetadataOf(earlyUsageOf(request, reply))
  const chunk = (candidate: Json, characters = 0, usageMetadata = final): Frame => ({
    data: `data: ${JSON.stringify({ candidates: [{ index: 0, ...candidate }], usageMetadata, modelVersion: request.model, responseId: `double-${request.index}` })}\r\n\r\n`,
    characters,
  })
  const parts = (content: Json[], characters: number): Frame => chunk({ content: { role: 'model', parts: content } }, characters, soFar)
  const finish = reply.finish === 'length' ? 'MAX_TOKENS' : reply.finish === 'refusal' ? 'SAFETY' : 'STOP'
  const isBroken = (reply.toolCalls ?? []).some((call) => call.rawInput !== undefined)
  return [
    ...pieces(reply.reasoning ?? '').map((text) => parts([{ text, thought: true }], text.length)),
    ...pieces(reply.text ?? '').map((text) => parts([{ text }], text.length)),
    ...(isBroken ? [] : (reply.toolCalls ?? []).map((call, index) => functionCall(call, index, parts))),
    // The API parses arguments itself: broken ones become a finish reason without content.
    isBroken
      ? chunk({ finishReason: 'MALFORMED_FUNCTION_CALL', finishMessage: 'Malformed function call' })
      : chunk({ content: { role: 'model', parts: [closing(reply)] }, finishReason: finish }),
  ]
}

/** After thoughts without a call, the signature comes on an empty text at the end. */
function closing(reply: DoubleReply): Json {
  const isSigned = reply.reasoning !== undefined && (reply.toolCalls ?? []).length === 0
  return { text: '', ...(isSigned ? { thoughtSignature: sign(reply.reasoning ?? '') } : {}) }
}

function usageMetadataOf(usage: Required<DoubleUsage>): Json {
  return {
    promptTokenCount: usage.input,
    cachedContentTokenCount: usage.cacheRead,
    candidatesTokenCount: usage.output - usage.reasoning,
    thoughtsTokenCount: usage.reasoning,
    totalTokenCount: usage.input + usage.output,
  }
}

/** Only the first of several parallel calls carries a signature. */
function functionCall(
  call: Parameters<typeof argumentsOf>[0],
  index: number,
  parts: (content: Json[], characters: number) => Frame,
): Frame {
  const args = call.input ?? {}
  const signature = index === 0 ? { thoughtSignature: sign(JSON.stringify(args)) } : {}
  return parts(
    [{ functionCall: { ...(call.id === undefined ? {} : { id: call.id }), name: call.name, args }, ...signature }],
    argumentsOf(call).length,
  )
}

// A model that plays a script, as a language model of the SDK: everything above it runs as with a real one.

import type { LanguageModelV4, LanguageModelV4StreamPart, LanguageModelV4Usage } from '@ai-sdk/provider'
import type { ModelRequest } from '@slipway/core/ports'
import type { APICallError } from 'ai'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WireRecord } from '../model-fetch.ts'
import { chooseStep } from './choose-step.ts'
import type { Script, ScriptFault, ScriptStep } from './script.ts'

const CHARACTERS_PER_TOKEN = 4

/** Counts the faults already played for one step of one session. Kept in memory: a restarted process plays them again. */
export interface FaultCounter {
  shouldPlay(request: ModelRequest, fault: ScriptFault): boolean
}

export function makeFaultCounter(): FaultCounter {
  const played = new Map<string, number>()
  return {
    shouldPlay(request, fault) {
      const conversation = request.role === 'plan' ? 'code' : request.role
      const key = JSON.stringify([request.model, request.sessionId, conversation, request.ordinal])
      const count = (played.get(key) ?? 0) + 1
      played.set(key, count)
      return fault.times === null || count <= fault.times
    },
  }
}

export interface ScriptedModelInput {
  script: Script
  request: ModelRequest
  faults: FaultCounter
  wire: WireRecord
  beat(): void
  /** The SDK's error class, loaded with the SDK. */
  ApiError: typeof APICallError
}

export function makeScriptedModel(input: ScriptedModelInput): LanguageModelV4 {
  const step = stepFor(input.script, input.request)
  const fault = step.fault && input.faults.shouldPlay(input.request, step.fault) ? step.fault : null
  return {
    specificationVersion: 'v4',
    provider: 'scripted',
    modelId: input.script.name,
    supportedUrls: {},
    doGenerate: () => Promise.reject(new Error('The scripted model only streams.')),
    async doStream({ abortSignal }) {
      input.wire.sent = true
      if (fault?.stall) await untilAborted(abortSignal)
      if (fault?.reset) throw Object.assign(new Error('The script resets the connection here.'), { code: 'ECONNRESET' })
      if (fault?.overflow)
        throw apiError(input, {
          ...fault,
          status: 400,
          code: 'context_length_exceeded',
          message: fault.message ?? 'prompt is too long: the script says that the context window is exceeded',
        })
      if (fault?.status !== undefined) throw apiError(input, fault)
      input.wire.status = 200
      input.beat()
      return { stream: play({ parts: partsOf(step, input.request, fault), speed: input.script.speed, fault, signal: abortSignal }) }
    },
  }
}

function stepFor(script: Script, request: ModelRequest): ScriptStep {
  const last = request.messages.at(-1)
  return chooseStep(script, {
    role: request.role,
    ordinal: request.ordinal,
    lastResults: last?.role === 'tool' ? last.results : [],
    lastText: request.messages.findLast((message) => message.role === 'user')?.text ?? '',
  })
}

function apiError(input: ScriptedModelInput, fault: ScriptFault): Error {
  const status = fault.status ?? 500
  return new input.ApiError({
    message: fault.message ?? `The script answers with status ${status} here.`,
    url: 'scripted:',
    requestBodyValues: {},
    statusCode: status,
    responseHeaders: fault.retry_after === undefined ? {} : { 'retry-after': String(fault.retry_after) },
    responseBody: JSON.stringify({
      error: { type: fault.code ?? `status_${status}`, message: fault.message ?? `The script answers with status ${status} here.` },
    }),
  })
}

/** The parts of an answer before timing and cuts; the last one is always `finish`. */
function partsOf(step: ScriptStep, request: ModelRequest, fault: ScriptFault | null): LanguageModelV4StreamPart[] {
  const says = fault?.empty ? { tool_calls: [] } : step
  const calls = says.tool_calls.map((call, index) => {
    const json = JSON.stringify(call.input)
    return { id: call.id ?? `${request.callId}-t${index + 1}`, name: call.name, input: fault?.malformed_args ? json.slice(0, -1) : json }
  })
  const finish = says.finish ?? (calls.length > 0 ? 'tool-calls' : 'stop')
  return [
    ...(says.reasoning ? block('reasoning', says.reasoning) : []),
    ...(says.text ? block('text', says.text) : []),
    ...calls.flatMap(toolCallParts),
    {
      type: 'finish',
      finishReason: { unified: finish === 'refusal' ? 'content-filter' : finish, raw: finish },
      usage: usageOf(step, request, calls),
    },
  ]
}

function block(type: 'text' | 'reasoning', text: string): LanguageModelV4StreamPart[] {
  const id = type
  return [
    { type: `${type}-start`, id },
    ...pieces(text).map((delta): LanguageModelV4StreamPart => ({ type: `${type}-delta`, id, delta })),
    { type: `${type}-end`, id },
  ]
}

function toolCallParts(call: { id: string; name: string; input: string }): LanguageModelV4StreamPart[] {
  return [
    { type: 'tool-input-start', id: call.id, toolName: call.name },
    ...pieces(call.input).map((delta): LanguageModelV4StreamPart => ({ type: 'tool-input-delta', id: call.id, delta })),
    { type: 'tool-input-end', id: call.id },
    { type: 'tool-call', toolCallId: call.id, toolName: call.name, input: call.input },
  ]
}

/** Token-sized pieces that never split a surrogate pair. */
function pieces(text: string): string[] {
  const points = [...text]
  return Array.from({ length: Math.ceil(points.length / CHARACTERS_PER_TOKEN) }, (_, index) =>
    points.slice(index * CHARACTERS_PER_TOKEN, (index + 1) * CHARACTERS_PER_TOKEN).join(''),
  )
}

function usageOf(step: ScriptStep, request: ModelRequest, calls: { input: string }[]): LanguageModelV4Usage {
  const output = tokens((step.text ?? '') + calls.map((call) => call.input).join('')) + tokens(step.reasoning ?? '')
  const given = step.usage
  const input = given?.input_tokens ?? tokens(JSON.stringify([request.system, request.messages, request.tools]))
  const cacheRead = given?.cache_read_tokens ?? 0
  const cacheWrite = given?.cache_write_tokens ?? 0
  const reasoning = given?.reasoning_tokens ?? tokens(step.reasoning ?? '')
  return {
    inputTokens: { total: input, noCache: Math.max(0, input - cacheRead - cacheWrite), cacheRead, cacheWrite },
    outputTokens: { total: given?.output_tokens ?? output, text: undefined, reasoning },
  }
}

function tokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN)
}

interface Playing {
  parts: LanguageModelV4StreamPart[]
  speed: number
  fault: ScriptFault | null
  signal: AbortSignal | undefined
}

function play({ parts, speed, fault, signal }: Playing): ReadableStream<LanguageModelV4StreamPart> {
  const limit = fault?.cut_after ?? fault?.stall_after ?? Number.POSITIVE_INFINITY
  const queue = parts[Symbol.iterator]()
  let shown = 0
  let started = false
  return new ReadableStream({
    async pull(controller) {
      if (!started) {
        started = true
        return controller.enqueue({ type: 'stream-start', warnings: [] })
      }
      const next = queue.next()
      if (next.done) return controller.close()
      const delta = 'delta' in next.value ? next.value.delta : ''
      if (shown + delta.length > limit || (next.value.type === 'finish' && Number.isFinite(limit))) {
        if (fault?.stall_after !== undefined) await untilAborted(signal)
        return controller.close()
      }
      shown += delta.length
      // Rejects when the call is aborted, which ends the stream.
      if (speed > 0 && delta !== '') await sleep((delta.length / CHARACTERS_PER_TOKEN / speed) * 1000, undefined, signal ? { signal } : {})
      controller.enqueue(next.value)
    },
  })
}

function untilAborted(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal?.reason ?? new DOMException('stopped', 'AbortError'))
    if (signal?.aborted) stop()
    else signal?.addEventListener('abort', stop, { once: true })
  })
}

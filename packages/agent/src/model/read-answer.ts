// Collects the SDK's stream of one call into Slipway's parts, passing deltas on as they come.

import type { AssistantPart, ProviderData, Usage } from '@slipway/core/events'
import type { DeltaChannel, ModelRequest } from '@slipway/core/ports'
import type { FinishReason, LanguageModelUsage, TextStreamPart, ToolSet } from 'ai'
import { makeToolCallIds } from './tool-call-ids.ts'
import { toToolCall } from './to-tool-call.ts'

export interface Answer {
  content: AssistantPart[]
  finish: FinishReason | null
  rawFinish: string | null
  usage: Usage | null
  firstTokenMs: number | null
  /** The first error of the stream. */
  error: { value: unknown } | null
  /** Characters that came, of whatever kind. */
  arrivedChars: number
}

export interface AnswerReader {
  read(part: TextStreamPart<ToolSet>): void
  answer(): Answer
}

type Open = { type: 'text' | 'reasoning'; text: string; provider: ProviderData | null; isListed: boolean }

/** `providerKey` marks reasoning that carries no data of its own, so that it goes back to the same provider only. */
export function makeAnswerReader(input: {
  request: ModelRequest
  providerKey: string
  elapsedMs(): number
  onDelta(channel: DeltaChannel, callId: string, text: string): void
}): AnswerReader {
  const { request } = input
  const ids = makeToolCallIds(request.callId, request.messages)
  const parts: (Open | { type: 'call'; part: AssistantPart })[] = []
  const open = new Map<string, Open>()
  /** Calls that the provider carries out itself; never asked for, but a server may do so. */
  const foreign = new Set<string>()
  const result: Answer = { content: [], finish: null, rawFinish: null, usage: null, firstTokenMs: null, error: null, arrivedChars: 0 }

  function delta(channel: DeltaChannel, callId: string, text: string): void {
    if (text === '') return
    result.firstTokenMs ??= input.elapsedMs()
    result.arrivedChars += text.length
    input.onDelta(channel, callId, text)
  }

  /** A block takes its place when it has content or data; some clients open one that stays empty for long. */
  function block(type: Open['type'], piece: { id: string; text?: string; providerMetadata?: unknown }): void {
    const key = `${type}:${piece.id}`
    const found = open.get(key) ?? { type, text: '', provider: null, isListed: false }
    open.set(key, found)
    found.text += piece.text ?? ''
    found.provider = merge(found.provider, piece.providerMetadata)
    if (!found.isListed && (found.text !== '' || found.provider !== null)) {
      found.isListed = true
      parts.push(found)
    }
  }

  function read(part: TextStreamPart<ToolSet>): void {
    switch (part.type) {
      case 'text-start':
        return block('text', part)
      case 'reasoning-start':
        return block('reasoning', part)
      case 'text-delta':
        block('text', part)
        return delta('text', request.callId, part.text)
      case 'reasoning-delta':
        block('reasoning', part)
        return delta('reasoning', request.callId, part.text)
      case 'text-end':
        block('text', part)
        return void open.delete(`text:${part.id}`)
      case 'reasoning-end':
        block('reasoning', part)
        return void open.delete(`reasoning:${part.id}`)
      case 'tool-input-start':
        if (part.providerExecuted) return void foreign.add(part.id)
        result.firstTokenMs ??= input.elapsedMs()
        return void ids.begin(part.id)
      case 'tool-input-delta':
        return foreign.has(part.id) ? undefined : delta('tool-input', ids.current(part.id), part.delta)
      case 'tool-call': {
        if (part.providerExecuted) return
        result.firstTokenMs ??= input.elapsedMs()
        parts.push({ type: 'call', part: toToolCall(part, { callId: ids.current(part.toolCallId), tools: request.tools }) })
        return ids.complete(part.toolCallId)
      }
      case 'custom':
        result.usage = usageAtStart(part.providerMetadata) ?? result.usage
        return
      case 'finish-step':
        result.finish = part.finishReason
        result.rawFinish = part.rawFinishReason ?? null
        result.usage = toUsage(part.usage) ?? result.usage
        return
      case 'error':
        result.error ??= { value: part.error }
        return
      // Marks of the SDK's own, and things that are never asked for: files, sources, approvals, tools that the provider or the SDK runs.
      case 'start':
      case 'start-step':
      case 'finish':
      case 'abort':
      case 'ping':
      case 'raw':
      case 'tool-input-end':
      case 'file':
      case 'reasoning-file':
      case 'source':
      case 'steering-message':
      case 'tool-approval-request':
      case 'tool-approval-response':
      case 'tool-error':
      case 'tool-output-denied':
      case 'tool-result':
        return
    }
  }

  return {
    read,
    answer: () => ({ ...result, content: parts.map((part) => (part.type === 'call' ? part.part : finished(part, input.providerKey))) }),
  }
}

/** Reasoning is always marked with its provider: another one must not get it. */
function finished(block: Open, providerKey: string): AssistantPart {
  if (block.type === 'reasoning') return { type: 'reasoning', text: block.text, provider: block.provider ?? { [providerKey]: {} } }
  return { type: 'text', text: block.text, ...(block.provider ? { provider: block.provider } : {}) }
}

/** Later metadata of a block completes the earlier one: a signature comes after the text it signs. */
function merge(before: ProviderData | null, metadata: unknown): ProviderData | null {
  if (typeof metadata !== 'object' || metadata === null) return before
  const merged: ProviderData = { ...before }
  for (const [key, value] of Object.entries(metadata)) {
    const old = merged[key]
    merged[key] = isObject(old) && isObject(value) ? { ...old, ...value } : value
  }
  return merged
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function toUsage(usage: LanguageModelUsage): Usage | null {
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) return null
  return {
    inputTokens: usage.inputTokens ?? 0,
    cacheReadTokens: usage.inputTokenDetails.cacheReadTokens ?? 0,
    cacheWriteTokens: usage.inputTokenDetails.cacheWriteTokens ?? 0,
    outputTokens: usage.outputTokens ?? 0,
    reasoningTokens: usage.outputTokenDetails.reasoningTokens ?? 0,
  }
}

/** Anthropic says at the start what the input cost; a call that is cut later has been paid for all the same. */
function usageAtStart(metadata: unknown): Usage | null {
  const anthropic = isObject(metadata) ? metadata['anthropic'] : null
  const usage = isObject(anthropic) ? anthropic['usage'] : null
  if (!isObject(usage)) return null
  const count = (name: string): number => (typeof usage[name] === 'number' ? usage[name] : 0)
  const cacheReadTokens = count('cache_read_input_tokens')
  const cacheWriteTokens = count('cache_creation_input_tokens')
  return {
    inputTokens: count('input_tokens') + cacheReadTokens + cacheWriteTokens,
    cacheReadTokens,
    cacheWriteTokens,
    outputTokens: count('output_tokens'),
    reasoningTokens: 0,
  }
}

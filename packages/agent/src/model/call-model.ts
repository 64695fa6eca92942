// One call: build the prompt, stream the answer, judge how it ended.

import type { RawFailure } from '@slipway/core/errors/failure'
import type { Usage } from '@slipway/core/events'
import type { AssertHeld, DeltaChannel, ModelRequest, ModelResult } from '@slipway/core/ports'
import type { LanguageModel } from 'ai'
import { makeModelFetch, newWireRecord } from './model-fetch.ts'
import type { WireRecord } from './model-fetch.ts'
import type { Provider, ProviderCall } from './providers/provider.ts'
import type { Answer } from './read-answer.ts'
import { makeAnswerReader } from './read-answer.ts'
import type { RepetitionGuard } from './repetition-guard.ts'
import { makeRepetitionGuard } from './repetition-guard.ts'
import { toRawFailure } from './raw-failure.ts'
import type { Redact } from './raw-failure.ts'
import type { Script } from './scripted/script.ts'
import { makeScriptedModel } from './scripted/scripted-model.ts'
import type { FaultCounter } from './scripted/scripted-model.ts'
import type { ModelDeadlines, ProviderAccess } from './settings.ts'
import { toModelResult } from './to-model-result.ts'
import { toPrompt } from './to-prompt.ts'
import type { PromptDialect } from './to-prompt.ts'
import { startWatchdog } from './watchdog.ts'
import type { Watchdog } from './watchdog.ts'

export type CallTarget =
  | { kind: 'remote'; provider: Provider; access: ProviderAccess; modelId: string }
  | { kind: 'scripted'; script: Script; faults: FaultCounter }

export interface CallHooks {
  signal: AbortSignal
  onDelta(channel: DeltaChannel, callId: string, text: string): void
  assertHeld?: AssertHeld | undefined
}

interface CallInput {
  request: ModelRequest
  hooks: CallHooks
  target: CallTarget
  redact: Redact
  deadlines: ModelDeadlines
  now: () => number
}

type Sdk = typeof import('ai')

/** Never throws for anything that a provider or the network does. */
export async function callModel(input: CallInput): Promise<ModelResult> {
  const startedAt = performance.now()
  const elapsedMs = (): number => Math.round(performance.now() - startedAt)
  const wire = newWireRecord()
  const sdk = await loadSdk()
  // The clock of the deadlines starts after the imports, which are slow once.
  const watchdog = startWatchdog(input.deadlines, input.hooks.signal)
  const repetition = makeRepetitionGuard(watchdog)
  const reader = makeAnswerReader({
    request: input.request,
    providerKey: dialectOf(input.target).providerKey,
    elapsedMs,
    onDelta(channel, callId, text) {
      input.hooks.onDelta(channel, callId, text)
      repetition.see(channel, callId, text)
    },
  })
  let thrown: { value: unknown } | null = null
  try {
    for await (const part of await startStream({ ...input, sdk, wire, watchdog })) {
      // The SDK's first parts come before anything was answered; they are no sign of life.
      if (wire.status !== null) watchdog.beat()
      reader.read(part)
    }
  } catch (error) {
    thrown = { value: error }
  } finally {
    watchdog.end()
  }
  const answer = asEnded(reader.answer(), input.target, wire)
  // A complete answer counts even when somebody stopped the call in the same moment: it has been paid for.
  const isComplete = thrown === null && answer.error === null && wire.streamError === null && answer.finish !== null
  const ended = isComplete ? null : failureOf({ input, wire, watchdog, repetition, error: thrown ?? answer.error })
  const result: ModelResult =
    ended === null
      ? toModelResult(answer, { ms: elapsedMs(), redact: input.redact })
      : { ok: false, failure: ended, usage: answer.usage, ms: elapsedMs() }
  return result.ok ? result : { ...result, usage: result.usage ?? usageOnWire(input.target, wire), ...arrived(answer) }
}

async function loadSdk(): Promise<Sdk> {
  const sdk = await import('ai')
  // The SDK prints its warnings about settings on the console; ours are known and our output belongs to the user.
  globalThis.AI_SDK_LOG_WARNINGS = false
  return sdk
}

async function startStream(input: CallInput & { sdk: Sdk; wire: WireRecord; watchdog: Watchdog }) {
  const { sdk, request, watchdog } = input
  const { model, options } = await openTarget(input)
  const prompt = toPrompt(request, dialectOf(input.target), sdk.jsonSchema)
  return sdk.streamText({
    model,
    instructions: prompt.instructions,
    messages: prompt.messages,
    ...(request.tools.length > 0 ? { tools: prompt.tools, toolOrder: request.tools.map((tool) => tool.name) } : {}),
    ...options,
    maxRetries: 0,
    abortSignal: watchdog.signal,
    telemetry: { isEnabled: false, recordInputs: false, recordOutputs: false },
    include: { requestBody: false, requestMessages: false, rawChunks: false },
    // Errors arrive as parts of the stream too; the default would print them.
    onError: () => {},
  }).stream
}

async function openTarget(
  input: CallInput & { sdk: Sdk; wire: WireRecord; watchdog: Watchdog },
): Promise<{ model: Exclude<LanguageModel, string>; options: ProviderCall }> {
  const { target, wire, watchdog, request } = input
  if (target.kind === 'scripted') {
    const model = makeScriptedModel({
      script: target.script,
      request,
      faults: target.faults,
      wire,
      beat: () => watchdog.beat(),
      ApiError: input.sdk.APICallError,
    })
    return { model, options: { providerOptions: {}, maxOutputTokens: request.maxOutputTokens } }
  }
  const { provider, access, modelId } = target
  const onLine =
    provider.errorInLine &&
    ((line: string): void => {
      wire.streamError ??= provider.errorInLine?.(line) ?? null
      wire.hasEnded ||= provider.isLastLine?.(line) ?? false
      // Ends the stream here: the client would print the line and go on as if nothing had happened.
      if (wire.streamError !== null) throw new Error(wire.streamError)
    })
  const marker = provider.usageInStream?.marker
  const { rewriteLine } = provider
  const fetch = makeModelFetch({
    wire,
    watchdog,
    assertHeld: input.hooks.assertHeld,
    rewriteLine,
    ...(marker === undefined ? {} : { usageMarker: marker }),
    ...(onLine ? { onLine } : {}),
  })
  return { model: await provider.load({ modelId, access, fetch }), options: provider.callOptions(request, modelId) }
}

function dialectOf(target: CallTarget): PromptDialect {
  return target.kind === 'remote' ? target.provider.dialect : { providerKey: 'scripted', cacheMarker: null, joinsSystem: false }
}

/** An answer whose provider did not say that it is complete has no finish, whatever its client makes of it. */
function asEnded(answer: Answer, target: CallTarget, wire: WireRecord): Answer {
  const mustSayEnd = target.kind === 'remote' && target.provider.isLastLine !== undefined
  return mustSayEnd && !wire.hasEnded ? { ...answer, finish: null } : answer
}

/** What a viewer may still want to read, and what the answer may be billed for. */
function arrived({ content, arrivedChars }: Answer): { partialText?: string; arrivedChars?: number } {
  const partialText = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  return { ...(partialText.trim() === '' ? {} : { partialText }), ...(arrivedChars === 0 ? {} : { arrivedChars }) }
}

/** The client hands over no usage of a stream that breaks off, although some providers report it with every piece. */
function usageOnWire(target: CallTarget, wire: WireRecord): Usage | null {
  return target.kind === 'remote' && wire.usageLine !== null ? (target.provider.usageInStream?.read(wire.usageLine) ?? null) : null
}

function failureOf(input: {
  input: CallInput
  wire: WireRecord
  watchdog: Watchdog
  repetition: RepetitionGuard
  error: { value: unknown } | null
}): RawFailure | null {
  const { wire, watchdog, repetition } = input
  const { redact, hooks, now } = input.input
  const own = (cause: RawFailure['cause'], message: string): RawFailure => ({
    status: null,
    message: redact(message),
    code: null,
    retryAfterMs: null,
    cause,
  })
  // The deadline is checked first: a person may stop a call that has already stalled, but not the other way round.
  const repeating = repetition.found()
  if (repeating !== null) return own('repeating', repeating)
  const stalled = watchdog.stalled()
  if (stalled !== null) return own('stalled', stalled)
  if (hooks.signal.aborted) return own('aborted', 'The call was stopped.')
  if (wire.streamError !== null) return { ...own('http', wire.streamError), code: 'stream_error' }
  return input.error === null ? null : toRawFailure(input.error.value, { wire, redact, now: now() })
}

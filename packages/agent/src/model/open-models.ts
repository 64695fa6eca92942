// The model port: one streaming provider call at a time. No retries, no tool execution, no loop: those belong to the caller.

import { makeRedactor } from '@slipway/core/text/redact'
import type { ModelPort, ModelRequest, ModelResult } from '@slipway/core/ports'
import { accessOf, allKeys, missingKey } from './access.ts'
import { callModel } from './call-model.ts'
import type { CallHooks, CallTarget } from './call-model.ts'
import { describeModel } from './describe-model.ts'
import { parseModelName } from './model-name.ts'
import { askOllama } from './ollama-facts.ts'
import type { OllamaAnswer } from './ollama-facts.ts'
import { anthropic } from './providers/anthropic.ts'
import { google } from './providers/google.ts'
import { makeOllama } from './providers/ollama.ts'
import type { OllamaFacts } from './providers/ollama.ts'
import { openai } from './providers/openai.ts'
import { openaiCompatible } from './providers/openai-compatible.ts'
import { loadScript } from './scripted/load-script.ts'
import { makeFaultCounter } from './scripted/scripted-model.ts'
import type { ModelSettings } from './settings.ts'

/** `openModels(settings).call(request, hooks)` resolves with a value for whatever a provider does; only a bug of ours throws. */
export function openModels(settings: ModelSettings): ModelPort {
  const redact = makeRedactor(allKeys(settings))
  const faults = makeFaultCounter()
  const ollamaFacts = new Map<string, OllamaFacts>()

  async function target(
    model: string,
  ): Promise<{ ok: true; target: CallTarget } | { ok: false; status: number | null; code: string; message: string }> {
    const name = parseModelName(model)
    if (!name.ok) return { ok: false, status: 400, code: 'unknown_provider', message: name.message }
    const missing = missingKey(settings, name.provider)
    if (missing !== null) return { ok: false, status: 401, code: 'missing_key', message: missing }
    const { modelId } = name
    switch (name.provider) {
      case 'scripted': {
        const loaded = await loadScript(settings.scriptFolder, modelId)
        return loaded.ok
          ? { ok: true, target: { kind: 'scripted', script: loaded.script, faults } }
          : { ok: false, status: 400, code: 'bad_script', message: loaded.message }
      }
      case 'ollama': {
        const facts = await factsOf(modelId)
        if (!facts.ok)
          return { ok: false, status: facts.problem === 'unreachable' ? null : 404, code: facts.problem, message: facts.message }
        return { ok: true, target: { kind: 'remote', provider: makeOllama(facts.facts), access: accessOf(settings, 'ollama'), modelId } }
      }
      case 'anthropic':
        return { ok: true, target: { kind: 'remote', provider: anthropic, access: settings.anthropic, modelId } }
      case 'openai':
        return { ok: true, target: { kind: 'remote', provider: openai, access: settings.openai, modelId } }
      case 'openai-compatible':
        return { ok: true, target: { kind: 'remote', provider: openaiCompatible, access: settings.openaiCompatible, modelId } }
      case 'google':
        return { ok: true, target: { kind: 'remote', provider: google, access: settings.google, modelId } }
    }
  }

  /** Asked once per model: the context length must not change within a session. */
  async function factsOf(modelId: string): Promise<OllamaAnswer> {
    const known = ollamaFacts.get(modelId)
    if (known) return { ok: true, facts: known }
    const answer = await askOllama(settings, modelId)
    if (answer.ok) ollamaFacts.set(modelId, answer.facts)
    return answer
  }

  async function call(request: ModelRequest, hooks: CallHooks): Promise<ModelResult> {
    const found = await target(request.model)
    if (!found.ok) {
      const cause = found.status === null ? 'connection' : 'http'
      return {
        ok: false,
        failure: { status: found.status, message: redact(found.message), code: found.code, retryAfterMs: null, cause },
        usage: null,
        ms: 0,
      }
    }
    return callModel({ request, hooks, target: found.target, redact, deadlines: settings.deadlines, now: settings.now })
  }

  return { describe: (model) => describeModel(settings, model, factsOf), call }
}

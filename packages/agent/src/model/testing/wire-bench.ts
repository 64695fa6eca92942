// For tests: the real adapter with the real clients, against a provider's double.

import type { ModelRequest, ModelResult } from '@slipway/core/ports'
import { environmentFor } from '../../../../../e2e/doubles/models/environment.ts'
import type { Brain, ModelApi } from '../../../../../e2e/doubles/models/brain.ts'
import { startModelDouble } from '../../../../../e2e/doubles/models/server.ts'
import type { ModelDouble } from '../../../../../e2e/doubles/models/server.ts'
import { openModels } from '../open-models.ts'
import { modelSettingsFrom } from '../settings.ts'
import type { ModelDeadlines, ModelSettings } from '../settings.ts'

export interface Bench {
  double: ModelDouble
  settings: ModelSettings
  model: string
  request: (fields?: Partial<ModelRequest>) => ModelRequest
  call: (fields?: Partial<ModelRequest>, signal?: AbortSignal) => Promise<ModelResult>
  /** `channel callId text` of every delta, in order. */
  deltas: { channel: string; callId: string; text: string }[]
  close: () => Promise<void>
}

const READ_FILE = {
  name: 'read_file',
  description: 'Reads a file.',
  inputSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'], additionalProperties: false },
}
const BASH = {
  name: 'bash',
  description: 'Runs a command.',
  inputSchema: { type: 'object', properties: { command: { type: 'string' } }, required: ['command'], additionalProperties: false },
}

export async function startBench(
  api: ModelApi,
  brain: Brain,
  options: { deadlines?: Partial<ModelDeadlines>; key?: string; sentKey?: string } = {},
): Promise<Bench> {
  const double = await startModelDouble({ api, brain, ...(options.key === undefined ? {} : { key: options.key }) })
  const { variables, model } = environmentFor(api, options.sentKey === undefined ? double : { url: double.url, key: options.sentKey })
  const base = modelSettingsFrom(variables, '/')
  const settings = { ...base, deadlines: { ...base.deadlines, ...options.deadlines } }
  const port = openModels(settings)
  const deltas: Bench['deltas'] = []
  const request = (fields: Partial<ModelRequest> = {}): ModelRequest => ({
    callId: 'model-call-1',
    sessionId: 'session-1',
    role: 'code',
    model,
    effort: null,
    system: [{ text: 'You are careful.', cache: true }],
    messages: [{ role: 'user', text: 'Fix the bug.', cache: true }],
    tools: [READ_FILE, BASH],
    maxOutputTokens: 8000,
    ordinal: 0,
    ...fields,
  })
  return {
    double,
    settings,
    model,
    request,
    call: (fields, signal = new AbortController().signal) =>
      port.call(request(fields), { signal, onDelta: (channel, callId, text) => void deltas.push({ channel, callId, text }) }),
    deltas,
    close: () => double.close(),
  }
}

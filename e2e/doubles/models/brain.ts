// What a model double is asked and what it may answer, the same for every provider's wire.

export type ModelApi = 'anthropic' | 'openai-responses' | 'openai-chat' | 'google' | 'ollama'

interface DoubleToolResult {
  id: string
  output: string
  failed: boolean
}

/** One request as the provider would understand it. */
export interface DoubleRequest {
  api: ModelApi
  /** Counts the requests that reached the brain, from 0. */
  index: number
  path: string
  headers: Record<string, string>
  /** Exactly what came over the wire. */
  rawBody: string
  body: Record<string, unknown>
  model: string
  system: string
  /** Names, in the order given. */
  tools: string[]
  /** Answers of the model that the history holds. */
  assistantTurns: number
  /** Text of the last message of a user. */
  lastUserText: string
  /** Results at the end of the history, if it ends with results. */
  lastResults: DoubleToolResult[]
}

export interface DoubleUsage {
  input: number
  output: number
  cacheRead?: number
  cacheWrite?: number
  reasoning?: number
}

export interface DoubleFault {
  /** Answers with this status and the provider's own words for it, or with `body`. */
  status?: number
  message?: string
  code?: string
  body?: string
  headers?: Record<string, string>
  retryAfterSeconds?: number
  /** The prompt is too long, in the provider's words. */
  overflow?: true
  /** The socket is destroyed before an answer. */
  reset?: true
  /** Nothing is ever sent. */
  stall?: true
  /** The answer ends after so many characters of content: by a clean end of the body, or by destroying the socket. */
  cutAfter?: { characters: number; clean: boolean }
  /** The answer stops arriving after so many characters of content, 0 for right after its head; the socket stays open. */
  stallAfter?: number
  /** After so many characters of content, the stream carries an error as the provider sends it. */
  errorAfter?: { characters: number; status: number; message?: string; code?: string }
}

export interface DoubleToolCall {
  id?: string
  name: string
  input?: Record<string, unknown>
  /** Sent as it is, for broken JSON. */
  rawInput?: string
}

export interface DoubleReply {
  text?: string
  reasoning?: string
  toolCalls?: DoubleToolCall[]
  usage?: DoubleUsage
  /** What is reported before the end, by the providers that do so; `usage` corrects it. */
  earlyUsage?: DoubleUsage
  finish?: 'stop' | 'length' | 'refusal'
  fault?: DoubleFault
  /** Lines of a stream, sent as they are in place of everything else; the wire puts its marks around each. */
  recorded?: string[]
  /** Pause between two pieces of content. */
  paceMs?: number
  /** Points that no further content passes until their time has come, each after so many characters; in order. */
  holds?: { characters: number; until: Promise<void> }[]
}

export type Brain = (request: DoubleRequest) => DoubleReply | Promise<DoubleReply>

const CHARACTERS_PER_TOKEN = 4

/** Usage as it is reported before the end. */
export function earlyUsageOf(request: DoubleRequest, reply: DoubleReply): Required<DoubleUsage> {
  return { ...usageOf(request, reply), ...reply.earlyUsage }
}

/** Usage that the brain gave, or an estimate from the text. */
export function usageOf(request: DoubleRequest, reply: DoubleReply): Required<DoubleUsage> {
  const said = (reply.text ?? '') + (reply.toolCalls ?? []).map(argumentsOf).join('')
  const reasoning = Math.ceil((reply.reasoning ?? '').length / CHARACTERS_PER_TOKEN)
  const estimate = {
    input: Math.ceil(request.rawBody.length / CHARACTERS_PER_TOKEN),
    output: Math.ceil(said.length / CHARACTERS_PER_TOKEN) + reasoning,
    cacheRead: 0,
    cacheWrite: 0,
    reasoning,
  }
  return { ...estimate, ...reply.usage }
}

export function argumentsOf(call: DoubleToolCall): string {
  return call.rawInput ?? JSON.stringify(call.input ?? {})
}

/** Pieces of a text as a model streams it. */
export function pieces(text: string, size = 12): string[] {
  const points = [...text]
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => points.slice(index * size, (index + 1) * size).join(''))
}

// What each provider's wire has to provide. One file per provider; the server is the same for all.

import type { IncomingHttpHeaders } from 'node:http'
import type { DoubleReply, DoubleRequest } from './brain.ts'

export interface Frame {
  /** Bytes as they go over the wire, separators included. */
  data: string
  /** Characters of content in it; cuts and stalls count these. */
  characters: number
}

export interface Refusal {
  status: number
  body: string
}

export interface ProviderError {
  status: number
  code: string | null
  message: string | null
}

type Facts = Omit<DoubleRequest, 'api' | 'index' | 'path' | 'headers' | 'rawBody' | 'body'>

export interface Wire {
  contentType: string
  /** Null when this path is not the streaming call. */
  isCall(method: string, path: string): boolean
  hasKey(headers: IncomingHttpHeaders, key: string): boolean
  wrongKey(): Refusal
  /** Other pages of the API that clients ask, such as a list of models; null: not found. */
  page(input: { method: string; path: string; body: Record<string, unknown> }): { status: number; body: unknown } | null
  /** What the real API would refuse in this request, or null. */
  refuse(body: Record<string, unknown>, headers: IncomingHttpHeaders): ProviderError | null
  read(body: Record<string, unknown>, path: string): Facts
  frames(request: DoubleRequest, reply: DoubleReply): Frame[]
  /** One line of a recorded stream with this wire's marks around it. */
  framed(line: string): string
  errorBody(error: ProviderError): string
  /** The same error inside a stream that began well. */
  errorFrame(error: ProviderError): string
  overflow: ProviderError
}

export type Json = Record<string, unknown>

export function asList(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter((item): item is Json => typeof item === 'object' && item !== null) : []
}

export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {} // narrowed to an object just before
}

export function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** Text of a content that is a string or a list of `{ text }`. */
export function textOf(content: unknown): string {
  return typeof content === 'string'
    ? content
    : asList(content)
        .map((part) => asText(part['text']))
        .join('')
}

/** Runs of items for which `isAssistant` holds: one run is one answer of the model. */
export function countRuns<T>(items: T[], isAssistant: (item: T) => boolean): number {
  return items.filter((item, index) => isAssistant(item) && (index === 0 || !isAssistant(items[index - 1] as T))).length // index - 1 is in range
}

/** A signature that only this double gives and that it checks when it comes back. */
export function sign(text: string): string {
  let hash = 0
  for (const character of text) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return `sig-${(hash >>> 0).toString(36)}-${text.length}`
}

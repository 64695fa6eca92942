// From state to the bytes a model is sent. Append-only: the prompt of a later step begins with the prompt of the earlier one.

import type { AssistantPart } from '../events.ts'
import { deliverable, toTranscript } from '../conversation/transcript.ts'
import type { PromptMessage, PromptSection } from '../ports.ts'
import type { SessionState, TranscriptItem } from '../state.ts'
import { cleanUntrusted, removalNotice, wrapUntrusted } from '../text/clean.ts'
import { staticInstructions } from './instructions.ts'

export interface Prompt {
  system: PromptSection[]
  messages: PromptMessage[]
}

/** The prompt of the next call of the main conversation to `model` (`provider/name`). */
export function buildPrompt(state: SessionState, model: string): Prompt {
  const items = [...state.transcript, ...deliverable(state).map(toTranscript)]
  const messages = items.map((item) => toMessage(item, providerOf(model)))
  return { system: [{ text: staticInstructions, cache: true }, ...sessionSections(state)], messages: withMarks(messages) }
}

/**
 * Marks where this prompt ends and where the last one did. Anthropic looks for an earlier entry at most 20 blocks before a mark,
 * and one step with ten tool calls has more than that.
 */
function withMarks(messages: PromptMessage[]): PromptMessage[] {
  const answered = messages.findLastIndex((message) => message.role === 'assistant')
  return messages.map((message, index) => (index === messages.length - 1 || index === answered - 1 ? { ...message, cache: true } : message))
}

const prunedNote = '[This output was left out to save space. Run the call again if you need it.]'

function sessionSections(state: SessionState): PromptSection[] {
  return (state.instructions?.sections ?? []).map((section) => {
    const text = section.trust === 'trusted' ? section.text : untrusted(section.name, section.text)
    return { text: `# ${section.name}\n${text}`, cache: false }
  })
}

function toMessage(item: TranscriptItem, provider: string): PromptMessage {
  switch (item.kind) {
    case 'user':
      return { role: 'user', text: item.text, cache: false }
    case 'note':
      return { role: 'user', text: noteText(item), cache: false }
    case 'summary':
      return { role: 'user', text: `<summary of the work so far>\n${item.text}\n</summary of the work so far>`, cache: false }
    case 'assistant':
      return { role: 'assistant', content: forProvider(item.content, providerOf(item.model) === provider), cache: false }
    case 'results':
      return {
        role: 'tool',
        results: item.results.map(({ callId, tool, ok, output, isPruned }) => ({
          callId,
          tool,
          ok,
          output: isPruned ? prunedNote : output,
        })),
        cache: false,
      }
  }
}

function noteText(item: Extract<TranscriptItem, { kind: 'note' }>): string {
  if (item.trust === 'untrusted') return untrusted(item.origin, item.text)
  return `<note from="${item.origin}">\n${item.text}\n</note>`
}

/** Labelled as data, and open about what was taken out of it. */
function untrusted(origin: string, text: string): string {
  const cleaned = cleanUntrusted(text)
  const notice = removalNotice(cleaned.removed)
  const wrapped = wrapUntrusted({ origin, text: cleaned.text })
  return notice === null ? wrapped : `${wrapped}\n${notice}`
}

/** Reasoning and provider data go back unchanged to the provider they came from, and to no other. */
function forProvider(content: AssistantPart[], isSameProvider: boolean): AssistantPart[] {
  if (isSameProvider) return content
  return content.filter((part) => part.type !== 'reasoning').map(({ provider: _, ...part }) => part)
}

/** The part of a model name before the first slash. */
export function providerOf(model: string): string {
  return model.slice(0, Math.max(0, model.indexOf('/')))
}

// Slipway's prompt in the SDK's words. Same input, same output: nothing here depends on time, chance or earlier calls.

import type { AssistantPart, ProviderData, ToolDescription } from '@slipway/core/events'
import type { ModelRequest, PromptMessage } from '@slipway/core/ports'
import type { AssistantModelMessage, JSONSchema7, JSONValue, ModelMessage, SystemModelMessage, ToolSet } from 'ai'

/** How one provider wants the prompt. */
export interface PromptDialect {
  /** Key of this provider's data in the SDK's provider options and metadata. */
  providerKey: string
  /** Marks the end of a cached prefix; null where the provider caches by itself. */
  cacheMarker: Options | null
  /** Models behind some servers accept one system message only. */
  joinsSystem: boolean
}

type Options = Record<string, Record<string, JSONValue>>

/** Anthropic refuses a fifth marker. One goes to the last tool. */
const MAX_MARKERS = 4

export interface Prompt {
  instructions: SystemModelMessage[]
  messages: ModelMessage[]
  tools: ToolSet
}

/** Needs the SDK's `jsonSchema`, which is loaded lazily with the SDK. */
export function toPrompt(
  request: ModelRequest,
  dialect: PromptDialect,
  jsonSchema: (schema: JSONSchema7) => ToolSet[string]['inputSchema'],
): Prompt {
  const marks = chooseMarks(request)
  const marker = (isMarked: boolean): { providerOptions?: Options } =>
    isMarked && dialect.cacheMarker ? { providerOptions: dialect.cacheMarker } : {}
  const instructions = request.system.map(
    (section, index): SystemModelMessage => ({ role: 'system', content: section.text, ...marker(marks.sections.has(index)) }),
  )
  return {
    instructions: dialect.joinsSystem ? joined(instructions) : instructions,
    messages: request.messages.flatMap((message, index) => toMessages(message, dialect, marker(marks.messages.has(index)))),
    tools: toTools(request.tools, jsonSchema, marker(true)),
  }
}

function chooseMarks(request: ModelRequest): { sections: Set<number>; messages: Set<number> } {
  const sections = indexesWithCache(request.system).slice(-2)
  const left = MAX_MARKERS - sections.length - (request.tools.length > 0 ? 1 : 0)
  return { sections: new Set(sections), messages: new Set(indexesWithCache(request.messages).slice(-left)) }
}

function indexesWithCache(items: { cache: boolean }[]): number[] {
  return items.flatMap((item, index) => (item.cache ? [index] : []))
}

function joined(sections: SystemModelMessage[]): SystemModelMessage[] {
  return sections.length === 0 ? [] : [{ role: 'system', content: sections.map((section) => section.content).join('\n\n') }]
}

function toMessages(message: PromptMessage, dialect: PromptDialect, marker: { providerOptions?: Options }): ModelMessage[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: [{ type: 'text', text: message.text.trim() === '' ? '(no text)' : message.text }], ...marker }]
    case 'tool':
      return [
        {
          role: 'tool',
          content: message.results.map((result) => ({
            type: 'tool-result' as const,
            toolCallId: result.callId,
            toolName: result.tool,
            output: { type: result.ok ? ('text' as const) : ('error-text' as const), value: result.output },
          })),
          ...marker,
        },
      ]
    case 'assistant': {
      const content = message.content.flatMap((part) => toAssistantPart(part, dialect.providerKey))
      return content.length === 0 ? [] : [{ role: 'assistant', content, ...marker }]
    }
  }
}

type AssistantContent = Exclude<AssistantModelMessage['content'], string>

/** Reasoning goes back only to the provider that wrote it: another one refuses its signature. */
function toAssistantPart(part: AssistantPart, providerKey: string): AssistantContent {
  const own = ownData(part.provider, providerKey)
  const providerOptions = own === null ? {} : { providerOptions: own }
  switch (part.type) {
    case 'text':
      return part.text.trim() === '' && own === null ? [] : [{ type: 'text', text: part.text, ...providerOptions }]
    case 'reasoning':
      return own === null ? [] : [{ type: 'reasoning', text: part.text, ...providerOptions }]
    case 'tool-call':
      return [{ type: 'tool-call', toolCallId: part.callId, toolName: part.tool, input: part.input, ...providerOptions }]
  }
}

function ownData(provider: ProviderData | undefined, key: string): Options | null {
  const own = provider?.[key]
  if (typeof own !== 'object' || own === null) return null
  return { [key]: own as Record<string, JSONValue> } // written by this adapter from the SDK's own JSON metadata
}

function toTools(
  tools: ToolDescription[],
  jsonSchema: (schema: JSONSchema7) => ToolSet[string]['inputSchema'],
  marker: { providerOptions?: Options },
): ToolSet {
  const set: ToolSet = {}
  tools.forEach((tool, index) => {
    set[tool.name] = {
      description: tool.description,
      inputSchema: jsonSchema(tool.inputSchema as JSONSchema7), // the contract says JSON Schema; the provider judges it
      ...(index === tools.length - 1 ? marker : {}),
    }
  })
  return set
}

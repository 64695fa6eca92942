// How a process is pointed at a model double: variables and a model's name.

import type { ModelApi } from './brain.ts'
import type { ModelDouble } from './server.ts'

export function environmentFor(
  api: ModelApi,
  double: Pick<ModelDouble, 'url' | 'key'>,
): { variables: Record<string, string>; model: string } {
  switch (api) {
    case 'anthropic':
      return { variables: { ANTHROPIC_BASE_URL: double.url, ANTHROPIC_API_KEY: double.key }, model: 'anthropic/claude-sonnet-4-6' }
    case 'openai-responses':
      return { variables: { OPENAI_BASE_URL: double.url, OPENAI_API_KEY: double.key }, model: 'openai/gpt-5.1' }
    case 'openai-chat':
      return {
        variables: { OPENAI_COMPATIBLE_BASE_URL: double.url, OPENAI_COMPATIBLE_API_KEY: double.key },
        model: 'openai-compatible/acme/coder-1',
      }
    case 'google':
      return {
        variables: { GOOGLE_GENERATIVE_AI_BASE_URL: double.url, GOOGLE_GENERATIVE_AI_API_KEY: double.key },
        model: 'google/gemini-3-pro-preview',
      }
    case 'ollama':
      return { variables: { OLLAMA_BASE_URL: double.url }, model: 'ollama/qwen3:8b' }
  }
}

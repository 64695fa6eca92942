// Which model works when a key is set and nothing else is said. Change it together with the price book: an unknown price cannot be budgeted.

export const providersByPreference = ['anthropic', 'openai', 'google'] as const

export const usualModels: Record<(typeof providersByPreference)[number], { main: string; cheap: string }> = {
  anthropic: { main: 'anthropic/claude-sonnet-4-5', cheap: 'anthropic/claude-haiku-4-5' },
  openai: { main: 'openai/gpt-5.1', cheap: 'openai/gpt-5-mini' },
  google: { main: 'google/gemini-2.5-pro', cheap: 'google/gemini-2.5-flash' },
}

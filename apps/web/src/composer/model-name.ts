const PROVIDERS: Record<string, string> = {
  anthropic: 'Anthropic',
  openai: 'OpenAI',
  google: 'Google',
  ollama: 'Ollama',
  'openai-compatible': 'Own server',
  scripted: 'Script',
}

/** `anthropic/claude-x` as its provider's name and the model's own; of a script only the file's name. */
export function splitModel(model: string): { provider: string; name: string } {
  const at = model.indexOf('/')
  const provider = model.slice(0, at)
  const rest = model.slice(at + 1)
  return { provider: PROVIDERS[provider] ?? provider, name: provider === 'scripted' ? (rest.split('/').at(-1) ?? rest) : rest }
}

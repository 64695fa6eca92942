// Every credential that the settings hold, for the redactor only.

import type { Settings } from '../settings.ts'

export function secretsOf({ models, github, databaseUrl }: Settings): string[] {
  const keys = [models.anthropic, models.openai, models.openaiCompatible, models.google, models.ollama].map((access) => access.key)
  const password = passwordOf(databaseUrl?.reveal())
  return [...keys, github.token, databaseUrl].flatMap((secret) => (secret === null ? [] : [secret.reveal()])).concat(password ?? [])
}

function passwordOf(url: string | undefined): string | null {
  if (url === undefined || !URL.canParse(url)) return null
  return decodeURIComponent(new URL(url).password) || null
}

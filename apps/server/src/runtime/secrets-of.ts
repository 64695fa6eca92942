// Every credential that the settings hold, for the redactor and the guard only.

import type { Settings } from '../settings.ts'

export function secretsOf({ models, github, gitlab, notion, vercel, databaseUrl, signIn, mail }: Settings): string[] {
  const accesses = [models.anthropic, models.openai, models.openaiCompatible, models.google, models.ollama]
  const services = [github.token, github.clientSecret, github.app?.privateKey]
  for (const { webhookSecret } of [github, gitlab, notion, vercel]) services.push(webhookSecret)
  for (const { token, oauth } of [gitlab, notion, vercel]) services.push(token, oauth?.clientSecret)
  const own = [databaseUrl, ...(signIn.secretKeys ?? []), signIn.google?.clientSecret, mail?.server.password]
  const keys = [...accesses.map(({ key }) => key), ...services, ...own].flatMap((secret) => secret?.reveal() ?? [])
  return [...keys, ...passwordOf(databaseUrl?.reveal())]
}

/** Empty for one like `postgres`: it keeps nothing secret, and a word must not vanish from every text. */
function passwordOf(address: string | undefined): string[] {
  if (address === undefined || !URL.canParse(address)) return []
  const { password, searchParams } = new URL(address)
  const decoded = decodePercent(password) || (searchParams.get('password') ?? '')
  return /^[a-z]*\d{0,4}$/i.test(decoded) && decoded.length < 16 ? [] : [decoded]
}

function decodePercent(password: string): string {
  try {
    return decodeURIComponent(password)
  } catch {
    return password
  }
}

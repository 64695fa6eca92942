// Takes credentials out of text that came from git before anybody reads it.

const patterns: [RegExp, string][] = [
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@'"]+@/gi, '$1[secret]@'],
  [/\b(authorization\s*[:=]\s*)(?:(?:basic|bearer|token)\s+)?\S+/gi, '$1[secret]'],
  [/\b(?:gh[opsur]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}|gl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{16,})/g, '[secret]'],
]

/** Replaces the given secrets, in plain and in their usual encodings, and everything that looks like a credential. */
export function redact(text: string, secrets: string[] = []): string {
  let result = text
  for (const secret of secrets) {
    for (const form of formsOf(secret)) result = result.replaceAll(form, '[secret]')
  }
  for (const [pattern, replacement] of patterns) result = result.replace(pattern, replacement)
  return result
}

function formsOf(secret: string): string[] {
  if (secret.length < 4) return []
  return [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
}

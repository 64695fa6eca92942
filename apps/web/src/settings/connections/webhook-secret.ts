/** A secret of 32 random bytes: as a signing token for GitLab, which signs with it then, else as letters and digits. */
export function newWebhookSecret(provider: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32))
  if (provider === 'gitlab') return `whsec_${btoa(String.fromCharCode(...bytes))}`
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

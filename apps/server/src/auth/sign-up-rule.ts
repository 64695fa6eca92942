// Who may sign in without having been invited.

import type { Settings } from '../settings.ts'

export type SignUpRule = { kind: 'open' } | { kind: 'invited' } | { kind: 'domains'; domains: string[] }

/** As set; otherwise open where only this machine reaches the server, and by invitation where others do. */
export function signUpRule({ signIn, http }: Pick<Settings, 'signIn' | 'http'>): SignUpRule {
  if (signIn.signUp !== null) return signIn.signUp
  return http.publicUrl === null || isLoopbackUrl(new URL(http.publicUrl)) ? { kind: 'open' } : { kind: 'invited' }
}

export function mayJoin(rule: SignUpRule, email: string): boolean {
  switch (rule.kind) {
    case 'open':
      return true
    case 'invited':
      return false
    case 'domains':
      return rule.domains.includes(email.slice(email.lastIndexOf('@') + 1).toLowerCase())
  }
}

export function isLoopbackUrl({ hostname }: URL): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(hostname)
}

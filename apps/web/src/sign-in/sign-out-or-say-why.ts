// Signing out from a place that has no room for an error of its own.

import { messageOf } from '../states/error-state.tsx'
import { toasts } from '../toasts/toasts.ts'
import { signOut } from './sign-in-api.ts'

/** Signs this browser out; a failure is said as a toast. */
export function signOutOrSayWhy(): void {
  signOut().catch((error: unknown) => toasts.add({ text: messageOf(error), kind: 'problem' }))
}

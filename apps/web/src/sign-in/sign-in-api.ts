// Signing in lies below /api/auth, apart from the API of sessions.

import type { signOutEverywhere as everywhere } from '@slipway/server/contract/identity-routes'
import { call, request } from '../api/client.ts'
import { leaveAfter } from '../api/sign-in-redirect.ts'

export interface Ways {
  google: boolean
  /** Nobody has signed in yet: the first becomes administrator. */
  isNew: boolean
  signUp: 'open' | 'invited' | 'domains'
}

export interface LinkAnswer {
  /** null: it is in the mail, or in the server's log. */
  shownLink: string | null
  /** A sentence to show. */
  why: string
}

export async function readWays(): Promise<Ways> {
  return (await (await request('/api/auth/ways', {})).json()) as Ways
}

/** The same answer for every address, known or not. */
export async function askForLink(email: string, next: string): Promise<LinkAnswer> {
  return (await post('/sign-in/magic-link', { email, next })) as LinkAnswer
}

/** Where to go from here: into the application, or back to the sign-in page with the reason. */
export async function followLink(token: string, next: string): Promise<string> {
  return ((await post('/magic-link/verify', { token, next })) as { goTo: string }).goTo
}

export async function goToGoogle(next: string): Promise<void> {
  const { url } = (await post('/sign-in/google', { next })) as { url: string }
  window.location.assign(url)
}

/** Signs this browser out and leaves for the sign-in page. */
export async function signOut(): Promise<void> {
  await leaveAfter(() => post('/sign-out', {}))
}

/** Signs all browsers of this person out and leaves for the sign-in page. */
export async function signOutEverywhere(): Promise<void> {
  await leaveAfter(() => call<typeof everywhere>('DELETE /devices', {}))
}

async function post(path: string, body: unknown): Promise<unknown> {
  const answer = await request(`/api/auth${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return answer.json()
}

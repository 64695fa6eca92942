// The present token for one call. A refused one is given back once, and the call made once more: a 401 was never carried out.

import type { Account, TokenProblem } from '@slipway/core/accounts'
import type { ForgeFailure } from '@slipway/core/ports'
import type { Secret } from '@slipway/core/secret'
import { refusesCredential } from '@slipway/git/classify-git-failure'
import { gitCredential, type GitCredential } from '@slipway/git/git-credential'

/** What goes with a token when git asks. On GitLab any name would do: it looks at the token alone. */
export const gitUsernames = { github: 'x-access-token', gitlab: 'oauth2' } as const

export type TokenHolder = Pick<Account, 'token'>

/** The account, for one repository where its provider has tokens of that kind. */
export function forRepository(holder: TokenHolder, repository: string | null): TokenHolder {
  return repository === null ? holder : { token: (input) => holder.token({ ...input, repository }) }
}

/** `isRefused` tells whether the answer was a 401. A token that cannot be had becomes what `failed` makes of it. */
export async function withToken<Result>(
  holder: TokenHolder,
  call: (token: Secret) => Promise<Result>,
  rules: { isRefused(result: Result): boolean; failed(problem: TokenProblem): Result },
): Promise<Result> {
  const had = await holder.token()
  if (!had.ok) return rules.failed(had)
  const first = await call(had.token)
  if (!rules.isRefused(first)) return first
  const fresh = await holder.token({ refused: had.token })
  if (!fresh.ok) return rules.failed(fresh)
  return fresh.token.reveal() === had.token.reveal() ? first : call(fresh.token)
}

/** The same for git, which is told the token through askpass. */
export function withCredential<Result extends { ok: true } | ForgeFailure>(
  holder: TokenHolder,
  username: string,
  call: (credential: GitCredential) => Promise<Result>,
): Promise<Result | ForgeFailure> {
  return withToken<Result | ForgeFailure>(holder, (token) => call(gitCredential(username, token.reveal())), {
    isRefused: (result) => !result.ok && refusesCredential(result),
    failed: tokenFailure,
  })
}

/** A token that cannot be had, in the terms of the port. */
export function tokenFailure({ problem, message }: TokenProblem): ForgeFailure {
  return { ok: false, problem: problem === 'reconnect' ? 'auth' : 'network', message, retryAfterMs: null }
}

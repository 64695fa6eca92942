import type { TokenProblem } from '@slipway/core/accounts'
import type { Secret } from '@slipway/core/secret'
import type { Connection } from '@slipway/store/connections'

export type TokenAnswer = { ok: true; token: Secret } | TokenProblem

export function lostProblem({ accountName, reason }: Pick<Connection, 'accountName' | 'reason'>, label: string): TokenProblem {
  const why = reason === null ? '' : ` ${reason}`
  return {
    ok: false,
    problem: 'reconnect',
    message: `${label} no longer lets in ${accountName}.${why} Reconnect in Settings → Connections.`,
  }
}

export function laterProblem(message: string): TokenProblem {
  return { ok: false, problem: 'network', message }
}

export function disconnectedProblem(): TokenProblem {
  return { ok: false, problem: 'reconnect', message: 'The account was disconnected. Connect it again in Settings → Connections.' }
}

export function unreadableProblem(label: string): TokenProblem {
  const message = `The stored ${label} token cannot be read here any more. Reconnect in Settings → Connections; an administrator checks SLIPWAY_SECRET_KEY.`
  return { ok: false, problem: 'reconnect', message }
}

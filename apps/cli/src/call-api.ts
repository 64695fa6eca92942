// Asks the running server through the contract that both share.

import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { type RouteContract, wholePath } from '@slipway/server/contract/route'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { apiTokenPath } from '@slipway/server/http/api-token'
import type { Settings } from '@slipway/server/settings'

/** Longer than the server lets a call to another service take. */
const PATIENCE_MS = 60_000

/** The checked answer. Throws SlipwayError when no server runs or it refuses. */
export async function callApi<Contract extends RouteContract>(
  settings: Pick<Settings, 'home' | 'http'>,
  contract: Contract,
  input: { id?: string; params?: Record<string, string>; query?: Record<string, string>; body?: unknown } = {},
): Promise<z.output<Contract['answer']>> {
  const token = await readFile(apiTokenPath(settings.home), 'utf8').catch(() => '')
  const path = wholePath(contract.path).replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(input.params?.[name] ?? input.id ?? ''))
  const query = input.query === undefined ? '' : `?${new URLSearchParams(input.query)}`
  const url = `http://${settings.http.host}:${settings.http.port}${path}${query}`
  const response = await fetch(url, {
    method: contract.method,
    headers: { authorization: `Bearer ${token.trim()}`, ...(input.body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(input.body === undefined ? {} : { body: JSON.stringify(input.body) }),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((error: unknown) => {
    throw new SlipwayError(
      'not-ready',
      `No server answers at ${settings.http.host}:${settings.http.port}. Start one with slipway up, or set PORT to where it listens.`,
      { cause: error },
    )
  })
  const answer: unknown = await response.json().catch(() => null)
  if (response.ok) return contract.answer.parse(answer) as z.output<Contract['answer']>
  const { error } = (answer ?? {}) as { error?: { message?: string } }
  throw new SlipwayError(response.status === 404 ? 'not-found' : 'usage', error?.message ?? `The server answered ${response.status}.`)
}

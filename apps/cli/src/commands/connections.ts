// slipway connections: accounts at other services, of whoever runs the server.

import type { ProviderName } from '@slipway/core/accounts'
import { makeSecret } from '@slipway/core/secret'
import { LOCAL_OWNER, localPerson } from '@slipway/server/auth/person'
import { authorizeDevice } from '@slipway/server/connections/authorize-device'
import { describeOffers, type Offer } from '@slipway/server/connections/describe-offers'
import { connectByToken } from '@slipway/server/contract/connection-routes'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import type { Runtime } from '@slipway/server/runtime'
import { type Connection, listConnections } from '@slipway/store/connections'
import { checkInput } from '../check-input.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { oneLine } from '../render/plain-text.ts'
import { printableJson } from '../render/printable-json.ts'
import { readHidden } from '../session/read-hidden.ts'
import { openTerminal, type Terminal } from '../terminal.ts'
import { withRuntime } from '../with-runtime.ts'

const who = { ownerId: LOCAL_OWNER, personId: localPerson.id }

export function listConnectionsHere(options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async ({ store, settings, accountParts }) => {
    const connections = await listConnections(store.as(LOCAL_OWNER), LOCAL_OWNER)
    for (const connection of connections) {
      const { id, provider, kind, accountName, scopes, status, reason, usedAt } = connection
      if (options.json) terminal.print(printableJson({ id, provider, kind, accountName, scopes, status, reason, usedAt }))
      else print(terminal, connection)
    }
    if (options.json) return exitCodes.asAsked
    const offers = describeOffers(settings, accountParts.providers, { ownerId: LOCAL_OWNER, base: '' })
    for (const { provider, fromEnvironment } of offers)
      if (fromEnvironment !== null) terminal.print(`${provider.padEnd(7)} ${fromEnvironment}, from the environment`)
    if (connections.length === 0) terminal.print('No account is connected. Connect one: slipway connections add github')
    return exitCodes.asAsked
  })
}

/** By a code for GitHub where that is set up, else by a token. */
export function addConnection(provider: ProviderName, options: { token?: boolean; team?: string }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async (runtime) => {
    const byCode = provider === 'github' && runtime.settings.github.clientId !== null && !options.token
    const made = byCode ? await addByCode(runtime, terminal) : await addByToken(runtime, terminal, provider)
    terminal.print(`Connected as ${oneLine(made.accountName, 60)}.`)
    if (provider === 'vercel') await chooseTeam(runtime, terminal, made, options.team)
    return exitCodes.asAsked
  })
}

/** Where the token reaches several, one is meant; it can be chosen later by connecting again. */
async function chooseTeam({ accountParts }: Runtime, terminal: Terminal, { id }: Connection, wanted: string | undefined): Promise<void> {
  const at = { ownerId: LOCAL_OWNER, id }
  const teams = await accountParts.teams.list(at)
  const team = teams.find((one) => [one.id, one.slug, one.name].includes(wanted ?? ''))
  const known = teams.map(({ slug }) => oneLine(slug, 40)).join(', ')
  if (team !== undefined) {
    await accountParts.teams.choose(at, team.id)
    terminal.print(`It is used for the projects of ${oneLine(team.name, 60)}.`)
  } else if (wanted !== undefined)
    throw new SlipwayError('not-found', `The token reaches no team ${oneLine(wanted, 40)}. It reaches: ${known}`)
  else if (teams.length > 1) terminal.note(`The token reaches several teams: ${known}. Add it again with --team <name> to choose one.`)
}

export function removeConnection(id: string): Promise<ExitCode> {
  const terminal = openTerminal('people')
  return withRuntime(async ({ store, accountParts }) => {
    const all = await listConnections(store.as(LOCAL_OWNER), LOCAL_OWNER)
    const found = id.length >= 4 ? all.filter((connection) => connection.id.startsWith(id)) : []
    const [only] = found
    if (only === undefined || found.length > 1)
      throw new SlipwayError('not-found', `There is no single connection ${oneLine(id, 40)}. \`slipway connections\` lists those you have.`)
    const { advice } = await accountParts.service.disconnect({ who, id: only.id })
    terminal.print(`Disconnected ${oneLine(only.accountName, 60)}.`)
    if (advice !== null) terminal.note(advice)
    return exitCodes.asAsked
  })
}

async function addByCode({ settings, ports, accountParts }: Runtime, terminal: Terminal): Promise<Connection> {
  const stopped = new AbortController()
  const stop = () => stopped.abort()
  process.once('SIGINT', stop)
  try {
    const needs = { github: settings.github, ask: accountParts.ask, clock: ports.clock }
    const grant = await authorizeDevice(
      needs,
      ({ userCode, page }) => terminal.print(`Open ${page} in your browser and type this code: ${userCode}`),
      stopped.signal,
    )
    const known = await accountParts.providers.github.whoIs(grant.tokens.access)
    if (!known.ok) throw new SlipwayError('not-ready', known.message)
    const kind = settings.github.app === null ? 'oauth' : 'app'
    return await accountParts.service.keepGrant({ who, provider: 'github', kind, grant, facts: known.facts })
  } finally {
    process.off('SIGINT', stop)
  }
}

async function addByToken({ settings, accountParts }: Runtime, terminal: Terminal, provider: ProviderName): Promise<Connection> {
  const offers = describeOffers(settings, accountParts.providers, { ownerId: LOCAL_OWNER, base: '' })
  explain(
    terminal,
    offers.find((offer) => offer.provider === provider),
  )
  const typed = await readHidden('Token: ')
  const { token } = checkInput(connectByToken.body, { provider, token: typed }, { token: 'The token' })
  return accountParts.service.connectByToken({ who, provider, token: makeSecret(token) })
}

function explain(terminal: Terminal, offer: Offer | undefined): void {
  if (offer === undefined || !process.stdin.isTTY) return
  terminal.note(offer.tokenAdvice)
  terminal.note(`Make one at ${offer.tokenPage}`)
}

function print({ print: say, style }: Terminal, { id, provider, kind, accountName, status, reason, usedAt }: Connection): void {
  const state = status === 'connected' ? style.good('connected') : style.warn('reconnect')
  const used = usedAt === null ? 'not used yet' : `used ${usedAt.slice(0, 16).replace('T', ' ')}`
  say(`${id.slice(0, 8)}  ${provider.padEnd(7)} ${state}  ${style.bold(oneLine(accountName, 40))}  ${kind}, ${used}`)
  if (status === 'reconnect' && reason !== null) say(`          ${oneLine(reason, 160)}`)
}

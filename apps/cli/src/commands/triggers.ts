// slipway triggers: repositories whose issues start sessions. The running server hears of the issues, so it is asked.

import { createTrigger, deleteTrigger, changeTrigger, listTriggers } from '@slipway/server/contract/trigger-routes'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { callApi } from '../call-api.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { oneLine } from '../render/plain-text.ts'
import { printableJson } from '../render/printable-json.ts'
import { openTerminal, type Terminal } from '../terminal.ts'
import { settingsOrThrow } from '../with-runtime.ts'

export interface WatchOptions {
  gitlab?: boolean
  label: string
  bot: string
  model?: string
  budget?: number
  auto?: boolean
  approve?: boolean
}

type Listed = Awaited<ReturnType<typeof list>>
type Trigger = Listed['triggers'][number]

const places = { github: 'GitHub', gitlab: 'GitLab' }

export async function listTriggersHere(options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { triggers, webhooks } = await list()
  for (const trigger of triggers) {
    if (options.json) terminal.print(printableJson(trigger))
    else printRow(terminal, trigger)
  }
  if (options.json) return exitCodes.asAsked
  if (triggers.length === 0) terminal.print('No repository is watched. Watch one: slipway triggers add owner/name')
  warnOfDeafness(terminal, triggers, webhooks)
  return exitCodes.asAsked
}

export async function showTriggerHere(typed: string, options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { triggers, webhooks } = await list()
  const trigger = theOne(triggers, typed)
  if (options.json) {
    terminal.print(printableJson({ ...trigger, isHeard: webhooks[trigger.provider] }))
    return exitCodes.asAsked
  }
  const { id, provider, slug, label, botName, autonomy, model, budgetUsd, isPaused, createdAt } = trigger
  const waits = { ask: 'the plan and publishing wait for you', plan: 'publishing waits for you', auto: 'nothing waits for you' }[autonomy]
  const rows: [string, string][] = [
    ['where', `${places[provider]} ${slug}`],
    ['begins by', `the label ${label}, an assignment to ${botName}, or @${botName} in a comment`],
    ['then', waits],
    ['model', model ?? 'as set on the server'],
    ['limit', budgetUsd === null ? 'as set on the server' : `$${budgetUsd} for each session`],
    ['state', isPaused ? 'paused' : 'watched'],
    ['since', createdAt.slice(0, 10)],
    ['id', id],
  ]
  for (const [name, value] of rows) terminal.print(`${terminal.style.dim(name.padEnd(10))} ${oneLine(value, 200)}`)
  warnOfDeafness(terminal, [trigger], webhooks)
  return exitCodes.asAsked
}

export async function addTriggerHere(slug: string, options: WatchOptions): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { gitlab, label, bot, model, budget, auto, approve } = options
  const body = {
    provider: gitlab ? 'gitlab' : 'github',
    slug,
    label,
    botName: bot,
    autonomy: auto ? 'auto' : approve ? 'ask' : 'plan',
    model: model ?? null,
    budgetUsd: budget ?? null,
  }
  const added = await callApi(await settingsOrThrow(), createTrigger, { body })
  printRow(terminal, added)
  warnOfDeafness(terminal, [added], (await list()).webhooks)
  return exitCodes.asAsked
}

export async function pauseTriggerHere(typed: string, isPaused: boolean): Promise<ExitCode> {
  const { id } = theOne((await list()).triggers, typed)
  printRow(openTerminal('people'), await callApi(await settingsOrThrow(), changeTrigger, { id, body: { isPaused } }))
  return exitCodes.asAsked
}

export async function removeTriggerHere(typed: string): Promise<ExitCode> {
  const { id, slug } = theOne((await list()).triggers, typed)
  await callApi(await settingsOrThrow(), deleteTrigger, { id })
  openTerminal('people').print(`${oneLine(slug, 100)} is not watched any more. The sessions it began stay.`)
  return exitCodes.asAsked
}

async function list() {
  return callApi(await settingsOrThrow(), listTriggers)
}

/** By its name, or by the beginning of its id. */
function theOne(triggers: Trigger[], typed: string): Trigger {
  const named = triggers.filter(({ slug }) => slug.toLowerCase() === typed.toLowerCase())
  const found = named.length > 0 ? named : typed.length < 4 ? [] : triggers.filter(({ id }) => id.startsWith(typed))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const what = found.length > 1 ? 'Several watched repositories are' : 'No watched repository is'
  throw new SlipwayError(
    'not-found',
    `${what} called ${oneLine(typed, 60)}. \`slipway triggers list\` shows those there are, with their ids.`,
  )
}

function printRow({ print, style }: Terminal, { id, provider, slug, label, botName, isPaused }: Trigger): void {
  const state = isPaused ? style.warn('paused ') : style.good('watched')
  print(
    `${id.slice(0, 8)}  ${state}  ${places[provider]}  ${style.bold(oneLine(slug, 60))}  label ${oneLine(label, 40)}, @${oneLine(botName, 40)}`,
  )
}

function warnOfDeafness({ note }: Terminal, triggers: Pick<Trigger, 'provider'>[], webhooks: Listed['webhooks']): void {
  for (const provider of ['github', 'gitlab'] as const)
    if (!webhooks[provider] && triggers.some((trigger) => trigger.provider === provider))
      note(`No webhook of ${places[provider]} is set up on this server, so nothing is heard from there. docs/webhooks.md says how.`)
}

// slipway deployments: where a session's commits are deployed, and production. The running server holds the accounts, so it is asked.

import { createInterface } from 'node:readline/promises'
import type { z } from 'zod'
import { cancelDeployment, promoteDeployment, rollBackDeployment, showDeployments } from '@slipway/server/contract/deployment-routes'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { callApi } from '../call-api.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { oneLine } from '../render/plain-text.ts'
import { printableJson } from '../render/printable-json.ts'
import { renderEffect } from '../render/render-ask.ts'
import { findSession } from '../session/find-session.ts'
import { openTerminal, type Terminal } from '../terminal.ts'
import { settingsOrThrow, withRuntime } from '../with-runtime.ts'

type Shown = z.output<(typeof showDeployments)['answer']>
type Production = NonNullable<Shown['production']>
type Choice = Pick<Production['promotable'][number], 'id' | 'effect'>

export async function listDeploymentsHere(session: string, options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const shown = await look(await wholeId(session))
  if (options.json) terminal.print(printableJson(shown))
  else printAll(terminal, shown)
  return exitCodes.asAsked
}

export async function promoteHere(session: string, deployment: string, options: { effect?: string }): Promise<ExitCode> {
  const id = await wholeId(session)
  const choices = productionOf(await look(id)).promotable
  return change(id, theOne(choices, deployment, 'No preview that is ready and not in production already'), { verb: 'promote', ...options })
}

export async function rollBackHere(session: string, deployment: string | undefined, options: { effect?: string }): Promise<ExitCode> {
  const id = await wholeId(session)
  const { previous } = productionOf(await look(id))
  const none = 'Nothing that production showed earlier'
  const wanted = deployment === undefined ? previous[0] : theOne(previous, deployment, none)
  if (wanted === undefined) throw new SlipwayError('not-found', `${none} can be shown again.`)
  return change(id, wanted, { verb: 'roll-back', ...options })
}

export async function cancelHere(session: string, deployment: string): Promise<ExitCode> {
  const id = await wholeId(session)
  const { deployments } = await look(id)
  const building = deployments.flatMap((one) => (one.id === null || one.isOver ? [] : [{ id: one.id }]))
  const { id: deploymentId } = theOne(building, deployment, 'No deployment under way')
  await callApi(await settingsOrThrow(), cancelDeployment, { params: { id, deploymentId } })
  openTerminal('people').print(`Vercel was asked to stop ${deploymentId}.`)
  return exitCodes.asAsked
}

/** Shows exactly what would happen, and asks. `effect`: what somebody approved before by its hash. */
async function change(
  id: string,
  { id: deploymentId, effect }: Choice,
  how: { verb: 'promote' | 'roll-back'; effect?: string },
): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { print, style } = terminal
  print(`  ${style.bold(oneLine(effect.title, 100))}`)
  for (const line of renderEffect(effect, style)) print(line)
  if (how.effect === undefined && !process.stdin.isTTY) {
    print(`\nNothing was done. To approve exactly this:\n  slipway deployments ${how.verb} ${id} ${deploymentId} --effect ${effect.hash}`)
    return exitCodes.waiting
  }
  if (how.effect !== undefined && how.effect !== effect.hash)
    throw new SlipwayError('conflict', 'This is not what was approved: production, or the deployment, has changed since. Look at it again.')
  if (how.effect === undefined && !(await approves())) {
    print('Nothing was done.')
    return exitCodes.asAsked
  }
  const route = how.verb === 'promote' ? promoteDeployment : rollBackDeployment
  await callApi(await settingsOrThrow(), route, { params: { id, deploymentId }, body: { effectHash: effect.hash } })
  print(`Vercel was asked. \`slipway deployments list ${id.slice(0, 8)}\` shows when production follows.`)
  return exitCodes.asAsked
}

/** A whole word, never just Enter. */
async function approves(): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^(approve|yes)$/i.test((await reader.question('  approve, or anything else to leave it: ')).trim())
  } finally {
    reader.close()
  }
}

/** A whole id needs no looking up. */
async function wholeId(typed: string): Promise<string> {
  return /^[0-9a-z]{26}$/.test(typed) ? typed : withRuntime((runtime) => findSession(runtime, typed))
}

async function look(id: string): Promise<Shown> {
  return callApi(await settingsOrThrow(), showDeployments, { id })
}

function productionOf({ production, problem }: Shown): Production {
  if (production !== null) return production
  throw new SlipwayError(
    'not-found',
    problem ?? 'Nothing of this session is deployed to a project on Vercel yet, so there is no production to change.',
  )
}

/** By the beginning of its id. */
function theOne<One extends { id: string }>(choices: One[], typed: string, none: string): One {
  const found = choices.filter(({ id }) => id.startsWith(typed))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const there = choices.map(({ id }) => `\n  ${id}`).join('')
  throw new SlipwayError('not-found', `${none} is called ${oneLine(typed, 60)}.${there === '' ? '' : ` There are:${there}`}`)
}

function printAll({ print, note, style }: Terminal, { deployments, production, problem }: Shown): void {
  if (deployments.length === 0) print('Nothing of this session is deployed.')
  for (const { id, target, state, oid, url, problem: why } of deployments) {
    const colour = state === 'READY' ? style.good : state === 'ERROR' ? style.warn : style.bold
    print(
      `${(id ?? '–').padEnd(32)}  ${target.padEnd(10)}  ${colour(oneLine(state, 14).padEnd(14))}  ${oid.slice(0, 10)}  ${oneLine(url ?? '', 120)}`.trimEnd(),
    )
    if (why !== null) print(`    ${oneLine(why, 200)}`)
  }
  if (production !== null) {
    print(`production of ${oneLine(production.project, 60)} shows ${production.currentId ?? 'nothing'}`)
    for (const { id, oid } of production.promotable) print(`    could show ${id}  ${oid.slice(0, 10)}`)
    for (const { id, oid, at } of production.previous)
      print(`    showed ${id}  ${(oid ?? '').slice(0, 10)}  ${at.slice(0, 16).replace('T', ' ')}`)
  }
  if (problem !== null) note(oneLine(problem, 200))
}

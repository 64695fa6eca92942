// slipway plan: ideas that become tasks, and tasks that become sessions. The running server keeps them, so it is asked.

import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { notionIdFrom } from '@slipway/connectors/notion/notion-id'
import { formatMicros } from '@slipway/core/pricing/cost'
import {
  approvePlan,
  askForPlan,
  changePlan,
  createPlan,
  dropPlan,
  listPlans,
  makePlanRepository,
  type Plan,
  planToNotion,
  showPlan,
} from '@slipway/server/contract/plan-routes'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { isFolder } from '@slipway/server/intake/path-kind'
import { callApi } from '../call-api.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { plural } from '../render/format.ts'
import { oneLine } from '../render/plain-text.ts'
import { printableJson } from '../render/printable-json.ts'
import { printPlan } from '../render/print-plan.ts'
import { showEffect } from '../render/show-effect.ts'
import { openTerminal } from '../terminal.ts'
import { settingsOrThrow } from '../with-runtime.ts'

export interface Shown {
  json?: boolean
}

export interface NewPlanOptions extends Shown {
  repo?: string
  base?: string
  model?: string
  check: string[]
  budget?: number
  auto?: boolean
  notion?: string
  detach?: boolean
}

export interface RepositoryOptions extends Shown {
  forge: 'github' | 'gitlab' | 'local'
  owner?: string
  name: string
  public?: boolean
  vercel?: string | true
  yes?: string
}

const lookEveryMs = 500

export async function makePlan(idea: string | undefined, options: NewPlanOptions): Promise<ExitCode> {
  const { repo, base, model, check, budget, auto, notion } = options
  if ((idea === undefined) === (notion === undefined)) throw new SlipwayError('usage', 'Write an idea, or name a page: --notion <page>.')
  const body = {
    ...(notion === undefined ? { idea } : { notionPageId: pageIdOf(notion) }),
    ...(repo === undefined ? {} : { repository: isFolder(repo) ? resolve(repo) : repo }),
    ...(base === undefined ? {} : { base }),
    ...(model === undefined ? {} : { model }),
    ...(check.length === 0 ? {} : { checks: check }),
    ...(budget === undefined ? {} : { budgetUsd: budget }),
    ...(auto ? { autonomy: 'auto' } : {}),
    source: 'cli',
  }
  return tellPlan(await settle(await callApi(await settingsOrThrow(), createPlan, { body }), options), options)
}

export async function listPlansHere(options: Shown): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { plans } = await callApi(await settingsOrThrow(), listPlans)
  for (const plan of plans) {
    const { id, state, title, progress } = plan
    const done = progress.tasks === 0 ? '' : `${progress.finished}/${progress.tasks}`
    const needs = progress.needPerson === 0 ? '' : `  ${terminal.style.warn(`${plural(progress.needPerson, 'task')} waiting for you`)}`
    terminal.print(
      options.json
        ? printableJson(plan)
        : `${id}  ${state.padEnd(9)} ${done.padStart(5)}  ${terminal.style.bold(oneLine(title, 70))}${needs}`,
    )
  }
  if (plans.length === 0 && !options.json) terminal.print('No plans. Begin with: slipway plan new "<idea>"')
  return exitCodes.asAsked
}

export async function showPlanHere(id: string, options: Shown): Promise<ExitCode> {
  return tellPlan(await findPlan(id), options)
}

export async function askForTasks(
  id: string,
  options: Shown & { wish?: string; requirements?: boolean; detach?: boolean },
): Promise<ExitCode> {
  const { version } = await findPlan(id)
  const body = {
    version,
    for: options.requirements ? 'requirements' : 'tasks',
    ...(options.wish === undefined ? {} : { wish: options.wish }),
  }
  return tellPlan(await settle(await callApi(await settingsOrThrow(), askForPlan, { id, body }), options), options)
}

/** Writes what can be changed into a file, or takes it from one. */
export async function editPlan(id: string, file: string, options: Shown & { write?: boolean }): Promise<ExitCode> {
  const plan = await findPlan(id)
  if (options.write) {
    await writeFile(file, `${JSON.stringify(editable(plan), null, 2)}\n`)
    openTerminal('people').print(`Wrote ${file}. Change it, then: slipway plan edit ${id} ${file}`)
    return exitCodes.asAsked
  }
  return tellPlan(await callApi(await settingsOrThrow(), changePlan, { id, body: await readEdited(file) }), options)
}

export async function approvePlanHere(id: string, options: Shown & { task: string[]; startAnyway?: boolean }): Promise<ExitCode> {
  const { version } = await findPlan(id)
  const tasks = options.task.length === 0 ? {} : { tasks: options.task }
  const body = { version, ...tasks, startAnyway: options.startAnyway ?? false }
  return tellPlan(await callApi(await settingsOrThrow(), approvePlan, { id, body }), options)
}

export async function writePlanToNotion(id: string, database: string, options: Shown): Promise<ExitCode> {
  const { version } = await findPlan(id)
  return tellPlan(await callApi(await settingsOrThrow(), planToNotion, { id, body: { version, databaseId: pageIdOf(database) } }), options)
}

/** Proposes first; makes it only for the hash of exactly that proposal. */
export async function makeRepositoryFor(id: string, options: RepositoryOptions): Promise<ExitCode> {
  const settings = await settingsOrThrow()
  const vercelProject = options.vercel === true ? options.name.toLowerCase() : (options.vercel ?? null)
  const wanted = { forge: options.forge, namespace: options.owner ?? null, name: options.name, isPrivate: !options.public, vercelProject }
  const before = await findPlan(id)
  const { forge, namespace, name, isPrivate, vercelProject: project } = before.newRepository ?? {}
  const isProposed = JSON.stringify({ forge, namespace, name, isPrivate, vercelProject: project }) === JSON.stringify(wanted)
  const body = { version: before.version, request: { repository: null }, newRepository: wanted }
  const plan = isProposed ? before : await callApi(settings, changePlan, { id, body })
  const effect = plan.newRepository?.effect
  if (effect === undefined) throw new SlipwayError('internal', 'The server shows no proposal.')
  if (options.yes !== effect.hash.slice(0, 12)) return showEffect(effect)
  return tellPlan(await callApi(settings, makePlanRepository, { id, body: { version: plan.version, effectHash: effect.hash } }), options)
}

export async function dropPlanHere(id: string): Promise<ExitCode> {
  await callApi(await settingsOrThrow(), dropPlan, { id })
  openTerminal('people').print('Dropped. The sessions that it began stay.')
  return exitCodes.asAsked
}

export async function findPlan(id: string): Promise<Plan> {
  return callApi(await settingsOrThrow(), showPlan, { id })
}

/** Waits while the model is at work. */
async function settle(plan: Plan, { detach }: { detach?: boolean }): Promise<Plan> {
  let present = plan
  while (!detach && (present.state === 'reading' || present.state === 'planning')) {
    await sleep(lookEveryMs)
    present = await findPlan(plan.id)
  }
  return present
}

export function tellPlan(plan: Plan, { json }: Shown): ExitCode {
  const terminal = openTerminal('people')
  if (json) terminal.print(printableJson(plan))
  else printPlan(terminal, plan, formatMicros)
  return plan.state === 'failed' ? exitCodes.failed : exitCodes.asAsked
}

function editable({ version, title, requirements, tasks, request }: Plan) {
  const definitions = tasks?.map(({ key, title: name, description, files, dependsOn, size, minutes }) => ({
    key,
    title: name,
    description,
    files,
    dependsOn,
    size,
    minutes,
  }))
  return { version, title, request, ...(requirements === null ? {} : { requirements }), ...(definitions ? { tasks: definitions } : {}) }
}

async function readEdited(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) throw new SlipwayError('usage', `There is no file ${file}. Write one with: slipway plan edit <id> <file> --write`)
  try {
    return JSON.parse(text)
  } catch {
    throw new SlipwayError('usage', `${file} is not JSON any more. Mend it, or write it anew with --write.`)
  }
}

function pageIdOf(text: string): string {
  const id = notionIdFrom(text)
  if (id === null)
    throw new SlipwayError('usage', `${text.slice(0, 80)} is no id of Notion and no link to one of its pages. Copy the link in Notion.`)
  return id
}

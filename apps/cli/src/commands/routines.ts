// slipway routines: tasks on a schedule. The running server keeps the timetable, so it is asked.

import { resolve } from 'node:path'
import { changeRoutine, createRoutine, deleteRoutine, listRoutines, type Routine } from '@slipway/server/contract/routine-routes'
import { isFolder } from '@slipway/server/intake/path-kind'
import { callApi } from '../call-api.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { oneLine } from '../render/plain-text.ts'
import { openTerminal, type Terminal } from '../terminal.ts'
import { settingsOrThrow } from '../with-runtime.ts'
import { printableJson } from '../render/printable-json.ts'

export interface CreateOptions {
  name: string
  cron: string
  timeZone: string
  repo: string
  task: string
  model?: string
  check: string[]
  budget?: number
  auto?: boolean
}

export async function createRoutineHere(options: CreateOptions): Promise<ExitCode> {
  const { name, cron, timeZone, repo, task, model, check, budget, auto } = options
  const repository = isFolder(repo) ? resolve(repo) : repo
  const session = {
    task,
    repository,
    model,
    checks: check.length === 0 ? undefined : check,
    budgetUsd: budget,
    autonomy: auto ? 'auto' : 'plan',
  }
  const terminal = openTerminal('people')
  print(terminal, await callApi(await settingsOrThrow(), createRoutine, { body: { name, cron, timeZone, session } }))
  return exitCodes.asAsked
}

export async function listRoutinesHere(options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { routines } = await callApi(await settingsOrThrow(), listRoutines)
  for (const routine of routines) {
    if (options.json) terminal.print(printableJson(routine))
    else print(terminal, routine)
  }
  if (routines.length === 0 && !options.json) terminal.print('No routines.')
  return exitCodes.asAsked
}

export async function pauseRoutine(id: string, isPaused: boolean): Promise<ExitCode> {
  const terminal = openTerminal('people')
  print(terminal, await callApi(await settingsOrThrow(), changeRoutine, { id, body: { isPaused } }))
  return exitCodes.asAsked
}

export async function deleteRoutineHere(id: string): Promise<ExitCode> {
  await callApi(await settingsOrThrow(), deleteRoutine, { id })
  openTerminal('people').print('Deleted. The sessions it began stay.')
  return exitCodes.asAsked
}

function print(terminal: Terminal, { id, name, cron, timeZone, isPaused, session }: Routine): void {
  const { style } = terminal
  terminal.print(
    `${id}  ${isPaused ? style.warn('paused') : style.good('active')}  ${cron} (${timeZone})  ${style.bold(oneLine(name, 30))}  ${oneLine(session.task, 60)}`,
  )
}

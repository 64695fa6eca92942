// slipway notion: tasks that stand in Notion. The running server holds the accounts, so it is asked.

import { resolve } from 'node:path'
import { notionIdFrom } from '@slipway/connectors/notion/notion-id'
import {
  connectNotionDatabase,
  createNotionDatabases,
  listNotionDatabases,
  listNotionTasks,
  showNotionTask,
  startNotionTask,
} from '@slipway/server/contract/notion-routes'
import { SlipwayError } from '@slipway/server/errors/slipway-error'
import { isFolder } from '@slipway/server/intake/path-kind'
import { callApi } from '../call-api.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { oneLine, plain } from '../render/plain-text.ts'
import { printableJson } from '../render/printable-json.ts'
import { openTerminal } from '../terminal.ts'
import { settingsOrThrow } from '../with-runtime.ts'

export interface SessionOptions {
  repo?: string
  base?: string
  model?: string
  check: string[]
  budget?: number
  auto?: boolean
}

export async function listDatabasesHere(options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { databases } = await callApi(await settingsOrThrow(), listNotionDatabases)
  for (const database of databases) {
    const { id, title, isQueue, problem } = database
    const state = problem !== null ? terminal.style.warn(oneLine(problem, 80)) : isQueue ? terminal.style.good('queue') : ''
    terminal.print(options.json ? printableJson(database) : `${id}  ${terminal.style.bold(oneLine(title, 50))}  ${state}`.trimEnd())
  }
  if (databases.length === 0 && !options.json)
    terminal.print('No databases. In Notion, open one → ••• → Connections, and add the integration.')
  return exitCodes.asAsked
}

export async function listTasksHere(database: string, options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const { tasks, isComplete } = await callApi(await settingsOrThrow(), listNotionTasks, { query: { database_id: idOf(database) } })
  for (const task of tasks) {
    const { id, status, title, assignee } = task
    const line = `${id}  ${oneLine(status ?? '–', 14).padEnd(14)}  ${terminal.style.bold(oneLine(title, 60))}  ${oneLine(assignee ?? '', 30)}`
    terminal.print(options.json ? printableJson(task) : line.trimEnd())
  }
  if (!options.json && tasks.length === 0) terminal.print('No tasks.')
  if (!options.json && !isComplete) terminal.print(`These are the latest ${tasks.length}; there are more.`)
  return exitCodes.asAsked
}

export async function showTaskHere(page: string, options: { json?: boolean }): Promise<ExitCode> {
  const terminal = openTerminal('people')
  const task = await callApi(await settingsOrThrow(), showNotionTask, { id: idOf(page) })
  terminal.print(
    options.json ? printableJson(task) : `${terminal.style.bold(oneLine(task.title, 200))}\n${task.url}\n\n${plain(task.markdown)}`,
  )
  return exitCodes.asAsked
}

export async function startTaskHere(page: string, options: SessionOptions): Promise<ExitCode> {
  const started = await callApi(await settingsOrThrow(), startNotionTask, { id: idOf(page), body: requestFrom(options) })
  const terminal = openTerminal('people')
  terminal.print(started.isNew ? `Session ${started.sessionId} began.` : `The page has a session already: ${started.sessionId}`)
  terminal.print(`slipway follow ${started.sessionId}`)
  return exitCodes.asAsked
}

export async function connectDatabaseHere(
  database: string,
  options: SessionOptions & { addMissing?: boolean; queue: boolean },
): Promise<ExitCode> {
  const body = {
    databaseId: idOf(database),
    defaults: requestFrom(options),
    addMissing: options.addMissing ?? false,
    isQueue: options.queue,
  }
  const connection = await callApi(await settingsOrThrow(), connectNotionDatabase, { body })
  const found = Object.entries(connection.fields).flatMap(([name, field]) => (field === null ? [] : [name]))
  const terminal = openTerminal('people')
  terminal.print(`Connected “${oneLine(connection.title, 60)}” with ${found.join(', ')}.`)
  if (connection.isQueue) terminal.print(`A page whose status is ${oneLine(connection.statuses['ready'] ?? 'Ready', 40)} starts a session.`)
  return exitCodes.asAsked
}

export async function createDatabasesHere(page: string, options: SessionOptions): Promise<ExitCode> {
  const body = { parentPageId: idOf(page), defaults: requestFrom(options) }
  const { connection, routinesUrl } = await callApi(await settingsOrThrow(), createNotionDatabases, { body })
  const terminal = openTerminal('people')
  terminal.print(`Made and connected the database “${oneLine(connection.title, 60)}” (${connection.dataSourceId}).`)
  terminal.print(`Made the database for routines: ${routinesUrl}`)
  return exitCodes.asAsked
}

function requestFrom({ repo, base, model, check, budget, auto }: SessionOptions) {
  return {
    ...(repo === undefined ? {} : { repository: isFolder(repo) ? resolve(repo) : repo }),
    ...(base === undefined ? {} : { base }),
    ...(model === undefined ? {} : { model }),
    ...(check.length === 0 ? {} : { checks: check }),
    ...(budget === undefined ? {} : { budgetUsd: budget }),
    ...(auto ? { autonomy: 'auto' } : {}),
  }
}

function idOf(text: string): string {
  const id = notionIdFrom(text)
  if (id === null)
    throw new SlipwayError('usage', `${text.slice(0, 80)} is no id of Notion and no link to one of its pages. Copy the link in Notion.`)
  return id
}

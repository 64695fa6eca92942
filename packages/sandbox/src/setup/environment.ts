// `.slipway/environment.yaml`: what a repository says about its own set-up and checks.

import { createRequire } from 'node:module'
import type { Document } from 'yaml'
import { parseRules } from '../egress/rules.ts'

export interface McpServer {
  name: string
  command: string[]
  environment: Record<string, string>
}

export interface EnvironmentFile {
  /** Shell commands that prepare the work tree; null: not said. */
  setup: string[] | null
  /** Shell commands that must pass; null: not said. */
  checks: string[] | null
  allowHosts: string[]
  mcp: McpServer[]
  /** How the application is started for people to look at; null: not said. */
  preview: { command: string; port: number | null } | null
}

export const ENVIRONMENT_PATH = '.slipway/environment.yaml'
const KEYS = ['setup', 'checks', 'allow_hosts', 'mcp', 'preview']
const MAX_BYTES = 64 * 1024
const MAX_COMMANDS = 50
const MAX_ERRORS = 10
const MAX_ALIASES = 20
const SHOWN_NAME = 60
const SHOWN_MESSAGE = 300

/** Parses and checks the file; every problem is named with its place. */
export function parseEnvironment(text: string): { ok: true; environment: EnvironmentFile } | { ok: false; problems: string[] } {
  if (Buffer.byteLength(text) > MAX_BYTES) return { ok: false, problems: [`${ENVIRONMENT_PATH} is larger than ${MAX_BYTES} bytes`] }
  if (text === '') return { ok: true, environment: { setup: null, checks: null, allowHosts: [], mcp: [], preview: null } }
  const yaml = loadYaml()
  const lines = new yaml.LineCounter()
  const document = yaml.parseDocument(text, { lineCounter: lines, uniqueKeys: true, logLevel: 'silent' })
  if (document.errors.length > 0) {
    return {
      ok: false,
      // One mistake can bring hundreds after it.
      problems: document.errors
        .slice(0, MAX_ERRORS)
        .map((error) => `${ENVIRONMENT_PATH}, line ${lines.linePos(error.pos[0]).line}: ${error.message.split('\n')[0]}`),
    }
  }
  const value = unfold(document)
  const problems: string[] = []
  if (value === null)
    return { ok: false, problems: [`${ENVIRONMENT_PATH} repeats itself too often or too deep with anchors and aliases; write it out`] }
  if (!isRecord(value)) return { ok: false, problems: [`${ENVIRONMENT_PATH} must be a mapping with the keys ${KEYS.join(', ')}`] }
  for (const key of Object.keys(value)) if (!KEYS.includes(key)) problems.push(`unknown key ${shown(key)}; known are ${KEYS.join(', ')}`)
  const environment: EnvironmentFile = {
    setup: strings(value, 'setup', problems),
    checks: strings(value, 'checks', problems),
    allowHosts: hosts(value, problems),
    mcp: servers(value, problems),
    preview: previewOf(value, problems),
  }
  return problems.length > 0
    ? { ok: false, problems: problems.slice(0, MAX_ERRORS).map((problem) => `${ENVIRONMENT_PATH}: ${problem}`) }
    : { ok: true, environment }
}

/** Seventy modules that a repository without the file does not need. */
function loadYaml(): typeof import('yaml') {
  // The package's own types describe what it exports.
  return createRequire(import.meta.url)('yaml') as typeof import('yaml')
}

/** Aliases could unfold into gigabytes; null when they try. */
function unfold(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES }) ?? {}
  } catch {
    return null
  }
}

function strings(value: Record<string, unknown>, key: string, problems: string[]): string[] | null {
  const given = value[key]
  if (given === undefined || given === null) return null
  const list = typeof given === 'string' ? [given] : given
  if (
    !Array.isArray(list) ||
    list.length > MAX_COMMANDS ||
    !list.every((item) => typeof item === 'string' && item.trim() !== '' && !item.includes('\0'))
  ) {
    problems.push(`${key} must be a command or a list of at most ${MAX_COMMANDS} commands (text; put quotes around anything else)`)
    return null
  }
  return list as string[]
}

function hosts(value: Record<string, unknown>, problems: string[]): string[] {
  const list = strings(value, 'allow_hosts', problems) ?? []
  return list.filter((pattern) => {
    try {
      parseRules([pattern])
      return true
    } catch (error) {
      problems.push(`allow_hosts: ${(error as Error).message.slice(0, SHOWN_MESSAGE)}`)
      return false
    }
  })
}

function servers(value: Record<string, unknown>, problems: string[]): McpServer[] {
  const given = value['mcp'] ?? {}
  if (!isRecord(given)) {
    problems.push('mcp must map names to servers, each with a command and, if needed, env')
    return []
  }
  return Object.entries(given).flatMap(([name, server]) => {
    const command = isRecord(server) ? server['command'] : undefined
    const environment = isRecord(server) ? (server['env'] ?? {}) : {}
    const isCommand = Array.isArray(command) && command.length > 0 && command.every((part) => typeof part === 'string')
    const isEnvironment = isRecord(environment) && Object.values(environment).every((each) => typeof each === 'string')
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || !isCommand || !isEnvironment) {
      problems.push(
        `mcp: ${shown(name)} needs a name of small letters, digits and dashes, a command as a list of texts, and env as texts by name`,
      )
      return []
    }
    return [{ name, command: command as string[], environment: environment as Record<string, string> }]
  })
}

function previewOf(value: Record<string, unknown>, problems: string[]): EnvironmentFile['preview'] {
  const given = value['preview'] ?? null
  if (given === null) return null
  const { command, port = null, ...rest } = isRecord(given) ? given : {}
  const isCommand = typeof command === 'string' && command.trim() !== '' && !command.includes('\0')
  const isPort = port === null || (Number.isInteger(port) && Number(port) > 0 && Number(port) < 65_536)
  if (!isCommand || !isPort || Object.keys(rest).length > 0) {
    problems.push('preview must be a command (text) that starts the application and, if it is always the same, the port where it listens')
    return null
  }
  return { command, port: port as number | null }
}

/** A name from the file, as much of it as tells which one is meant. */
function shown(name: string): string {
  return JSON.stringify(name.length > SHOWN_NAME ? `${name.slice(0, SHOWN_NAME)}…` : name)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// `.slipway/environment.yaml`: what a repository says about how it is set up and checked.

import { isMap, parseDocument } from 'yaml'

export interface EnvironmentFile {
  setup: string[] | null
  checks: string[] | null
  /** Hosts that the set-up phase may reach beside the package registries. */
  allowHosts: string[]
  mcp: Record<string, { command: string; args: string[]; env: Record<string, string> }>
}

const known = ['setup', 'checks', 'allow_hosts', 'mcp']
const serverName = /^[A-Za-z0-9_-]{1,32}$/

/** The file's contents; what is wrong in it is left out and told, with what to write instead. */
export function parseEnvironmentFile(text: string): { environment: EnvironmentFile; problems: string[] } {
  const environment: EnvironmentFile = { setup: null, checks: null, allowHosts: [], mcp: {} }
  const problems: string[] = []
  const document = parseDocument(text)
  const [error] = document.errors
  if (error) return { environment, problems: [`.slipway/environment.yaml cannot be read: ${error.message.split('\n')[0]}`] }
  if (document.contents === null) return { environment, problems }
  if (!isMap(document.contents)) return { environment, problems: ['.slipway/environment.yaml must be a map with the keys setup, checks, allow_hosts and mcp.'] }
  const content = document.toJS() as Record<string, unknown>
  for (const key of Object.keys(content)) if (!known.includes(key)) problems.push(`.slipway/environment.yaml: "${key}" is not known; the keys are ${known.join(', ')}.`)

  const lines = (key: string): string[] | null => {
    const value = content[key]
    if (value === undefined || value === null) return null
    const items = typeof value === 'string' ? [value] : value
    if (Array.isArray(items) && items.every((item) => typeof item === 'string' && item.trim() !== '')) return items as string[]
    problems.push(`.slipway/environment.yaml: ${key} must be a list of strings.`)
    return null
  }
  environment.setup = lines('setup')
  environment.checks = lines('checks')
  environment.allowHosts = lines('allow_hosts') ?? []
  environment.mcp = servers(content['mcp'], problems)
  return { environment, problems }
}

function servers(value: unknown, problems: string[]): EnvironmentFile['mcp'] {
  if (value === undefined || value === null) return {}
  if (!isRecord(value)) {
    problems.push('.slipway/environment.yaml: mcp must be a map from a name to { command, args, env }.')
    return {}
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, server]) => {
      if (serverName.test(name) && isRecord(server) && typeof server['command'] === 'string') {
        return [[name, { command: server['command'], args: strings(server['args']), env: record(server['env']) }]]
      }
      problems.push(`.slipway/environment.yaml: mcp.${name} needs a command, and a name of letters, digits, _ and - up to 32 characters.`)
      return []
    }),
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function record(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, String(entry)])) : {}
}

// MCP servers of a repository, run over stdio inside its sandbox: contained like everything else the repository brings.

import type { ToolDescription } from '@slipway/core/events'
import { SandboxLost, type Environment, type Ports } from '@slipway/core/ports'
import { cleanUntrusted } from '@slipway/core/text/clean'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { jsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/types.js'
import type { SessionLog } from '../session-log.ts'
import type { ToolOutcome } from '../tools/tool-outcome.ts'
import type { WorkspaceHandle } from '../workspace-handle.ts'
import { mcpToolName } from './mcp-tool-name.ts'

export interface McpServers {
  /** Starts the servers and lists their tools, sorted by name. A server that does not start is a problem, not a failure. */
  start(servers: Environment['mcp']): Promise<{ tools: ToolDescription[]; problems: string[] }>
  call(name: string, input: Record<string, unknown>, signal: AbortSignal): Promise<ToolOutcome>
  close(): Promise<void>
}

interface Connection {
  client: Client
  sandboxId: string
}

const startTimeoutMs = 30_000
const callTimeoutMs = 120_000
const maxTools = 64
const maxSchemaChars = 16_000

/** The client would judge structured results by the server's own schema, whose patterns may keep this process busy for ever; they are not used. */
const believeNothing: jsonSchemaValidator = {
  getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
}

/** Servers are started when they are first needed, and again when the sandbox was replaced. */
export function openMcpServers({
  workspace,
  session,
  ports,
}: {
  workspace: WorkspaceHandle
  session: SessionLog
  ports: Ports
}): McpServers {
  const connections = new Map<string, Connection>()
  let known: Environment['mcp'] | null = null

  const serversOf = async (): Promise<Environment['mcp']> => {
    const { repository, repositoryRef } = session.state()
    known ??= repository ? (await ports.workspaces.describe({ repository: repositoryRef, oid: repository.baseOid })).mcp : {}
    return known
  }

  const connect = async (name: string): Promise<Client> => {
    const sandbox = await workspace.sandbox()
    const open = connections.get(name)
    if (open?.sandboxId === sandbox.id) return open.client
    const server = (await serversOf())[name]
    if (!server) throw new Error(`no MCP server "${name}" in .slipway/environment.yaml`)
    // Few repositories have servers, so the protocol's package is loaded when the first one is met.
    const [sdk, { sandboxTransport }] = await Promise.all([
      import('@modelcontextprotocol/sdk/client/index.js'),
      import('./sandbox-transport.ts'),
    ])
    const client = new sdk.Client({ name: 'slipway', version: '0.1.0' }, { jsonSchemaValidator: believeNothing })
    await client.connect(sandboxTransport(sandbox, server), { timeout: startTimeoutMs })
    connections.set(name, { client, sandboxId: sandbox.id })
    return client
  }

  const list = async (name: string): Promise<ToolDescription[]> => {
    const client = await connect(name)
    const { tools } = await client.listTools(undefined, { timeout: startTimeoutMs })
    return tools
      .filter((tool) => JSON.stringify(tool.inputSchema).length <= maxSchemaChars)
      .map((tool) => ({
        name: mcpToolName(name, tool.name),
        description: cleanUntrusted((tool.description ?? '').slice(0, 1_000)).text,
        inputSchema: tool.inputSchema,
      }))
  }

  /** The server and its own name for a tool; names are only reversible by looking. */
  const find = async (offered: string): Promise<{ client: Client; tool: string } | null> => {
    for (const name of Object.keys(await serversOf())) {
      if (!offered.startsWith(mcpToolName(name, ''))) continue
      const client = await connect(name)
      const { tools } = await client.listTools(undefined, { timeout: startTimeoutMs })
      const match = tools.find((tool) => mcpToolName(name, tool.name) === offered)
      if (match) return { client, tool: match.name }
    }
    return null
  }

  return {
    async start(servers) {
      known = servers
      const problems: string[] = []
      const listed = await Promise.all(
        Object.keys(servers).map((name) =>
          list(name).catch((error: unknown) => {
            if (error instanceof SandboxLost) throw error
            problems.push(`The MCP server "${name}" did not start: ${messageOf(error)}`)
            return []
          }),
        ),
      )
      const tools = listed.flat().sort((a, b) => (a.name < b.name ? -1 : 1))
      if (tools.length > maxTools) problems.push(`Only the first ${maxTools} of ${tools.length} MCP tools are offered.`)
      return { tools: tools.slice(0, maxTools), problems }
    },
    async call(name, input, signal) {
      try {
        const found = await find(name)
        if (!found) return failed(`The MCP server of ${name} no longer offers it.`)
        const result = await found.client.callTool({ name: found.tool, arguments: input }, undefined, { signal, timeout: callTimeoutMs })
        const output = textOf(result.content)
        return { ok: result.isError !== true, output, changed: true, problem: result.isError === true ? 'failed' : null, facts: {} }
      } catch (error) {
        if (error instanceof SandboxLost) throw error
        return failed(messageOf(error))
      }
    },
    async close() {
      await Promise.all([...connections.values()].map(({ client }) => client.close().catch(() => undefined)))
      connections.clear()
    },
  }
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return ''
  return content
    .map((part: { type?: unknown; text?: unknown }) => (part.type === 'text' ? String(part.text) : `[${String(part.type)} left out]`))
    .join('\n')
}

function failed(output: string): ToolOutcome {
  return { ok: false, output, changed: true, problem: 'failed', facts: {} }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

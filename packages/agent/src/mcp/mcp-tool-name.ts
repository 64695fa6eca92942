// MCP tools are offered as `mcp__<server>__<tool>`, so that they never shadow ours.

const prefix = 'mcp__'

/** The name under which the model sees a server's tool; providers allow 64 characters of `[A-Za-z0-9_-]`. */
export function mcpToolName(server: string, tool: string): string {
  return `${prefix}${server}__${tool}`.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)
}

export function isMcpTool(name: string): boolean {
  return name.startsWith(prefix)
}

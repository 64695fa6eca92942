/** The JSON object in a `data:` line of server-sent events; null where there is none. */
export function eventData(line: string): Record<string, unknown> | null {
  if (!line.startsWith('data:')) return null
  try {
    const value: unknown = JSON.parse(line.slice('data:'.length))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null // narrowed just before
  } catch {
    return null
  }
}

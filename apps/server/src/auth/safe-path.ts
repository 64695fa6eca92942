// Where a person is sent after signing in: a path on this server, whatever a link says.

const NOWHERE = 'http://path.invalid'

/** The path with its query, or null when a browser could take it for another place. */
export function safePath(typed: string): string | null {
  // A browser reads a backslash as a slash and leaves out tabs and line ends.
  if (!typed.startsWith('/') || typed.length > 2_000 || /[\\\u0000-\u0020\u007f]/.test(typed)) return null
  if (!URL.canParse(typed, NOWHERE)) return null
  const { origin, pathname, search, hash } = new URL(typed, NOWHERE)
  // Dots may leave two slashes in front, which name another server.
  if (origin !== NOWHERE || pathname.startsWith('//')) return null
  return pathname + search + hash
}

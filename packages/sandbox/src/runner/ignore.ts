// Glob patterns and .gitignore rules, as far as listings and searches need them.

export interface IgnoreRule {
  matches: (path: string) => boolean
  negated: boolean
  directoriesOnly: boolean
}

const ALWAYS_IGNORED = new Set(['.git', 'node_modules', '.venv', '__pycache__'])

/** Rules of one .gitignore file; `base` is its directory relative to the root, '' for the root itself. */
export function parseIgnoreFile(text: string, base: string): IgnoreRule[] {
  const rules: IgnoreRule[] = []
  for (const raw of text.split(/\r?\n/).slice(0, 2000)) {
    let line = raw.replace(/(?<!\\)\s+$/, '')
    if (line === '' || line.startsWith('#')) continue
    const negated = line.startsWith('!')
    if (negated) line = line.slice(1)
    const directoriesOnly = line.endsWith('/')
    if (directoriesOnly) line = line.slice(0, -1)
    const isAnchored = line.includes('/')
    const body = globSource(line.replace(/^\//, ''), { braces: false })
    const prefix = base === '' ? '' : `${escape(base)}/`
    const expression = toExpression(`^${prefix}${isAnchored ? '' : '(?:.*/)?'}${body}$`)
    if (expression) rules.push({ matches: (path) => expression.test(path), negated, directoriesOnly })
  }
  return rules
}

/** Whether the last rule that matches ignores the path. */
export function isIgnored(rules: IgnoreRule[], path: string, isDirectory: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (ALWAYS_IGNORED.has(name)) return true
  for (let index = rules.length - 1; index >= 0; index -= 1) {
    const rule = rules[index] as IgnoreRule
    if (rule.directoriesOnly && !isDirectory) continue
    if (rule.matches(path)) return !rule.negated
  }
  return false
}

/** A matcher for `*.ts`, `src/**`, `{a,b}.md`; without a slash it looks at the file's name only. Null when it is not a valid glob. */
export function globMatcher(glob: string): ((path: string) => boolean) | null {
  const byName = !glob.includes('/')
  const expression = toExpression(`^${globSource(glob.replace(/^\.?\//, ''), { braces: true })}$`)
  if (!expression) return null
  return (path) => expression.test(byName ? path.slice(path.lastIndexOf('/') + 1) : path)
}

function globSource(glob: string, options: { braces: boolean }): string {
  let source = ''
  let depth = 0
  for (let index = 0; index < glob.length; index += 1) {
    const char = glob[index] as string
    if (char === '\\') {
      index += 1
      source += escape(glob[index] ?? '\\')
    } else if (glob.startsWith('**/', index)) {
      source += '(?:.*/)?'
      index += 2
    } else if (glob.startsWith('**', index)) {
      source += '.*'
      index += 1
    } else if (char === '*') source += '[^/]*'
    else if (char === '?') source += '[^/]'
    else if (char === '[' && glob.indexOf(']', index + 2) > 0) {
      const end = glob.indexOf(']', index + 2)
      source += `[${glob
        .slice(index + 1, end)
        .replace(/^!/, '^')
        .replace(/\\/g, '\\\\')}]`
      index = end
    } else if (options.braces && char === '{') {
      depth += 1
      source += '(?:'
    } else if (options.braces && char === '}' && depth > 0) {
      depth -= 1
      source += ')'
    } else if (options.braces && char === ',' && depth > 0) source += '|'
    else source += escape(char)
  }
  return source + ')'.repeat(depth)
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

function toExpression(source: string): RegExp | null {
  try {
    return new RegExp(source)
  } catch {
    return null
  }
}

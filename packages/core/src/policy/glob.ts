// Path globs of plans and policies: `*` within a folder, `**` across folders, `?` one character. No braces, no classes.

/** Whether a path matches at least one of the globs. A glob that names a folder covers what is below it. */
export function matchesAnyGlob(path: string, globs: readonly string[]): boolean {
  return globs.some((glob) => toPattern(glob).test(path))
}

function toPattern(glob: string): RegExp {
  const trimmed = glob.replace(/^\.\//, '').replace(/\/+$/, '')
  const source = trimmed
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((piece) => {
      if (piece === '**/') return '(?:[^/]+/)*'
      if (piece === '**') return '.*'
      if (piece === '*') return '[^/]*'
      if (piece === '?') return '[^/]'
      return piece.replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    })
    .join('')
  return new RegExp(`^${source}(?:/.*)?$`, 'u')
}

// Path globs of plans and policies: `*` within a folder, `**` across folders, `?` one character. No braces, no classes.
// Globs come from a model, so they are matched in time that grows with path times glob, which regular expressions do not promise.

type Token = { kind: 'one' } | { kind: 'name' } | { kind: 'anything' } | { kind: 'folders' } | { kind: 'character'; character: string }

/** More than any plan needs; what is beyond does not match, so that a person is asked. */
const maxGlobs = 100
const maxGlobLength = 300
const maxWildcards = 12

/** Whether a path matches at least one of the globs. A glob that names a folder covers what is below it. */
export function matchesAnyGlob(path: string, globs: readonly string[]): boolean {
  const characters = [...path]
  return globs.slice(0, maxGlobs).some((glob) => isReasonable(glob) && matches(characters, tokensOf(glob)))
}

function isReasonable(glob: string): boolean {
  return glob.length <= maxGlobLength && (glob.match(/\*+/g)?.length ?? 0) <= maxWildcards
}

function tokensOf(glob: string): Token[] {
  const trimmed = glob.replace(/^\.\//, '').replace(/(?<!\/)\/+$/, '')
  return trimmed.split(/(\*\*\/|\*\*|\*|\?)/).flatMap((piece): Token[] => {
    if (piece === '**/') return [{ kind: 'folders' }]
    if (piece === '**') return [{ kind: 'anything' }]
    if (piece === '*') return [{ kind: 'name' }]
    if (piece === '?') return [{ kind: 'one' }]
    return [...piece].map((character): Token => ({ kind: 'character', character }))
  })
}

/** Follows every way to match at once. A place is a token's index; inside a folder of `**\/` it is that index and a half. */
function matches(characters: readonly string[], tokens: readonly Token[]): boolean {
  let places = withSkipped([0], tokens)
  for (const character of characters) {
    // The rest lies below a folder that matched.
    if (character === '/' && places.has(tokens.length)) return true
    places = withSkipped(
      [...places].flatMap((place) => step(place, character, tokens)),
      tokens,
    )
    if (places.size === 0) return false
  }
  return places.has(tokens.length)
}

function step(place: number, character: string, tokens: readonly Token[]): number[] {
  const isSlash = character === '/'
  if (!Number.isInteger(place)) return [isSlash ? Math.floor(place) : place]
  const token = tokens[place]
  switch (token?.kind) {
    case undefined:
      return []
    case 'character':
      return token.character === character ? [place + 1] : []
    case 'one':
      return isSlash ? [] : [place + 1]
    case 'name':
      return isSlash ? [] : [place]
    case 'anything':
      return [place]
    case 'folders':
      return isSlash ? [] : [place + 0.5]
  }
}

/** `*`, `**` and `**\/` may stand for nothing. */
function withSkipped(places: readonly number[], tokens: readonly Token[]): Set<number> {
  const all = new Set<number>()
  for (let place of places) {
    all.add(place)
    while (Number.isInteger(place) && ['name', 'anything', 'folders'].includes(tokens[place]?.kind ?? '')) all.add(++place)
  }
  return all
}

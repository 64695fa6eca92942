// Names that become one file where case or Unicode form do not count (macOS, Windows).

import { forbid } from './ruling.ts'
import type { Ruling } from './ruling.ts'

/** Rulings on added paths that fall together with another path, or folder, of the whole tree. */
export function judgeCollisions(added: readonly string[], tree: Iterable<string>): Ruling[] {
  if (added.length === 0) return []
  const spellings = new Map<string, Set<string>>()
  const wanted = new Set<string>()
  for (const path of added) for (const prefix of prefixesOf(path)) wanted.add(fold(prefix))
  const seenFolders = new Set<string>()
  for (const path of tree) {
    for (const prefix of prefixesOf(path)) {
      if (prefix !== path && seenFolders.has(prefix)) continue
      seenFolders.add(prefix)
      const folded = fold(prefix)
      if (!wanted.has(folded)) continue
      const set = spellings.get(folded) ?? new Set()
      spellings.set(folded, set.add(prefix))
    }
  }
  const rulings: Ruling[] = []
  for (const path of added) {
    const other = collidingWith(path, spellings)
    if (other !== null)
      rulings.push(
        forbid(
          'name-collision',
          path,
          `On macOS and Windows this is the same file or folder as ${JSON.stringify(other)}. Give it a name that differs in more than case or accents.`,
        ),
      )
  }
  return rulings
}

function collidingWith(path: string, spellings: Map<string, Set<string>>): string | null {
  for (const prefix of prefixesOf(path)) {
    for (const other of spellings.get(fold(prefix)) ?? []) if (other !== prefix) return other
  }
  return null
}

function* prefixesOf(path: string): Generator<string> {
  for (let end = path.indexOf('/'); end >= 0; end = path.indexOf('/', end + 1)) yield path.slice(0, end)
  yield path
}

/** Upper then lower case folds pairs such as ß and SS, which one of the two alone does not. */
function fold(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFC')
}

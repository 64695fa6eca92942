// Symbolic links that lead out of the tree, found by walking them as a file system would, through other links.

import { forbid } from './ruling.ts'
import type { Ruling } from './ruling.ts'
import { looksLikeGitFolder } from './judge-name.ts'

/** Path of each link to its target. */
export type Symlinks = ReadonlyMap<string, string>

/** Links of the new tree that escape, unless they are unchanged and escaped in the base already. */
export function judgeSymlinks(before: Symlinks, after: Symlinks): Ruling[] {
  const rulings: Ruling[] = []
  for (const [path, target] of after) {
    const problem = problemOf(path, after)
    if (problem === null) continue
    if (before.get(path) === target && problemOf(path, before) !== null) continue
    rulings.push(
      forbid(
        'symlink-outside',
        path,
        `The link ${problem}. Whoever checks the commit out would read or write files of their machine. Replace it by a link inside the repository or by a file.`,
      ),
    )
  }
  return rulings
}

function problemOf(path: string, links: Symlinks): string | null {
  const end = walk(path, links)
  if (end === 'outside') return 'leads out of the repository'
  if (end === 'absolute') return 'has an absolute target'
  if (end === 'loop') return 'leads to itself'
  if (end.some(looksLikeGitFolder)) return 'leads into the git folder'
  return null
}

function walk(path: string, links: Symlinks): string[] | 'outside' | 'absolute' | 'loop' {
  const waiting = path.split('/')
  let at: string[] = []
  // More links than the kernel follows (40) count as a loop.
  let followed = 0
  while (waiting.length > 0) {
    const part = waiting.shift() as string
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (at.length === 0) return 'outside'
      at.pop()
      continue
    }
    const target = links.get([...at, part].join('/'))
    if (target === undefined) {
      at = [...at, part]
      continue
    }
    if (target.startsWith('/') || /^[A-Za-z]:[\\/]/.test(target) || target.startsWith('\\')) return 'absolute'
    if (++followed > 40) return 'loop'
    waiting.unshift(...target.replaceAll('\\', '/').split('/'))
  }
  return at
}

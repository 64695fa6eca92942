// Looks at a repository on this disk before git does. git follows files in it to wherever they say; what somebody unpacked
// from an archive could so lead to another repository of this machine, or to a pipe that never ends.

import { constants } from 'node:fs'
import type { Dirent } from 'node:fs'
import { lstat, open, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'

const maxSettingBytes = 1_000_000
/** Entries that are looked at; a repository with more loose files than this is packed first. */
const maxEntries = 500_000

/** Why git may not be let into this folder, in words with a way out; null when it may, or when there is no repository. */
export async function inspectLocalRepository(path: string): Promise<string | null> {
  const entry = await findGitFolder(path)
  if (entry === null) return null
  const found = await lstat(entry)
  if (found.isSymbolicLink() && entry !== path) return `${entry} is a symbolic link. Give the path of the repository that it leads to.`
  if (found.isFile()) return inspectGitFile(entry)
  return inspectGitFolder(entry)
}

/** In git's own order; see enter_repo in git's path.c. */
async function findGitFolder(path: string): Promise<string | null> {
  for (const candidate of [join(path, '.git'), path, join(`${path}.git`, '.git'), `${path}.git`]) {
    const found = await lstat(candidate).catch(() => null)
    if (found === null) continue
    if (candidate !== path || (await lstat(join(candidate, 'HEAD')).catch(() => null)) !== null) return candidate
  }
  return null
}

/** A linked work tree or a submodule: the repository that it names has to name it too. */
async function inspectGitFile(file: string): Promise<string | null> {
  const named = /^gitdir: (.+?)\n*$/.exec((await readSetting(file)) ?? '')?.[1]
  // Not a git file at all, or a bundle: git says so itself.
  if (named === undefined) return null
  const folder = resolve(dirname(file), named)
  const stranger = `${file} points to ${folder}, which does not know this folder. Give the path of the repository that is meant.`
  const back = await readSetting(join(folder, 'gitdir'))
  if (back !== null) {
    const common = (await readSetting(join(folder, 'commondir')))?.trim()
    if (common === undefined || !(await isSame(resolve(folder, back.trim()), file))) return stranger
    const main = resolve(folder, common)
    if (basename(dirname(folder)) !== 'worktrees' || !(await isSame(dirname(dirname(folder)), main))) return stranger
    return inspectGitFolder(main)
  }
  const worktree = /^\s*worktree\s*=\s*(.+?)\s*$/m.exec((await readSetting(join(folder, 'config'))) ?? '')?.[1]
  if (worktree === undefined || !(await isSame(resolve(folder, worktree), dirname(file)))) return stranger
  return inspectGitFolder(folder)
}

async function inspectGitFolder(folder: string): Promise<string | null> {
  return (
    (await inspectEntries(folder)) ??
    (await inspectBorrowing(folder)) ??
    (/^\s*(?:promisor|partialclone)\s*=/im.test((await readSetting(join(folder, 'config'))) ?? '')
      ? `${folder} is a partial clone: objects that it lacks would be fetched with its own settings. Run \`git fetch --refetch --no-filter\` in it, remove extensions.partialClone and the remote's promisor setting, and try again.`
      : null)
  )
}

/** What git reads to serve a repository: nothing of it may be a link or something that is no file. */
async function inspectEntries(folder: string): Promise<string | null> {
  let left = maxEntries
  const waiting = [folder]
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    for (const entry of await readdir(at, { withFileTypes: true }).catch(() => [] as Dirent[])) {
      const path = join(at, entry.name)
      if ((left -= 1) < 0) return `${folder} holds more than ${maxEntries} files. Run \`git gc\` in it and try again.`
      if (entry.isSymbolicLink() && !isBystander(path.slice(folder.length + 1)))
        return `${path} is a symbolic link, so that git would read outside the repository. Replace it by what it leads to.`
      if (!entry.isFile() && !entry.isDirectory() && !entry.isSymbolicLink())
        return `${path} is neither a file nor a folder; git could wait for it for ever. Remove it.`
      if (entry.isDirectory() && (at !== folder || ['objects', 'refs', 'info'].includes(entry.name))) waiting.push(path)
    }
  }
  return null
}

/** What git does not read to serve a repository. */
function isBystander(name: string): boolean {
  return ['hooks', 'logs', 'modules', 'lfs', 'annex', 'worktrees', 'index', 'description', 'info/exclude'].includes(name)
}

async function inspectBorrowing(folder: string): Promise<string | null> {
  const common = await readSetting(join(folder, 'commondir'))
  if (common !== null)
    return `${join(folder, 'commondir')} says that this repository is part of ${resolve(folder, common.trim())}. Give the path of that one.`
  const borrowed = (await readSetting(join(folder, 'objects', 'info', 'alternates')))
    ?.split('\n')
    .find((line) => line !== '' && !line.startsWith('#'))
  if (borrowed !== undefined)
    return `The repository borrows objects from ${JSON.stringify(borrowed.slice(0, 300))}, and nothing outside it is read. To make it whole, run \`git repack -a -d\` in it and remove ${join(folder, 'objects', 'info', 'alternates')}.`
  return null
}

/** Start of a small file that is no link and no device; null when there is none. */
async function readSetting(path: string): Promise<string | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(() => null)
  if (file === null) return null
  try {
    if (!(await file.stat()).isFile()) return null
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(maxSettingBytes) })
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  const [left, right] = await Promise.all([one, other].map((path) => realpath(path).catch(() => null)))
  return left !== null && left === right
}

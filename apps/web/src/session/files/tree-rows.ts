// The files of a work tree as rows of a tree that can be folded.

import type { FileChange, WorkTree } from './use-work-tree.ts'

export type FileStatus = FileChange['status']

export interface TreeRow {
  kind: 'folder' | 'file'
  /** Of a folder without a slash at its end. */
  path: string
  name: string
  depth: number
  /** Of a folder: whether what is in it follows. */
  isOpen: boolean
  status: FileStatus | null
  lines: { added: number; removed: number } | null
  /** Files below a folder that differ from the base. */
  changedInside: number
  position: number
  siblings: number
}

export interface Folder {
  path: string
  name: string
  folders: Map<string, Folder>
  files: LeafFile[]
  changedInside: number
}

interface LeafFile {
  path: string
  name: string
  status: FileStatus | null
  lines: TreeRow['lines']
}

export interface TreeChoice {
  open: ReadonlySet<string>
  filter: string
  onlyChanged: boolean
}

/** Nests the files; files that were removed are among them. */
export function nestFiles(tree: Pick<WorkTree, 'files' | 'removed'>, changes: readonly FileChange[]): Folder {
  const lines = new Map(changes.map((change) => [change.path, { added: change.added, removed: change.removed }]))
  const root = newFolder('', '')
  const add = (path: string, status: FileStatus | null): void => {
    const parts = path.split('/')
    const name = parts.pop() ?? path
    let folder = root
    if (status !== null) folder.changedInside++
    for (const part of parts) {
      folder = childOf(folder, part)
      if (status !== null) folder.changedInside++
    }
    folder.files.push({ path, name, status, lines: status === null ? null : (lines.get(path) ?? null) })
  }
  for (const file of tree.files) add(file.path, file.status)
  for (const path of tree.removed) add(path, 'removed')
  return root
}

/** What is seen, from top to bottom: folders before files, each by name. A filter unfolds what it finds. */
export function treeRows(root: Folder, { open, filter, onlyChanged }: TreeChoice): TreeRow[] {
  const words = filter.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const isFound = ({ path, status }: LeafFile): boolean =>
    (!onlyChanged || status !== null) && words.every((word) => path.toLowerCase().includes(word))
  const isSearching = words.length > 0 || onlyChanged
  const rows: TreeRow[] = []

  function list(folder: Folder, depth: number): void {
    const folders = [...folder.folders.values()].filter((inner) => !isSearching || hasFound(inner, isFound)).sort(byName)
    const files = folder.files.filter(isFound).sort(byName)
    const siblings = folders.length + files.length
    folders.forEach((inner, index) => {
      // With a filter, the set holds what was folded by hand instead.
      const isOpen = isSearching ? !open.has(`closed:${inner.path}`) : open.has(inner.path)
      const { path, name, changedInside } = inner
      rows.push({ kind: 'folder', path, name, depth, isOpen, status: null, lines: null, changedInside, position: index + 1, siblings })
      if (isOpen) list(inner, depth + 1)
    })
    files.forEach((file, index) => {
      const position = folders.length + index + 1
      rows.push({ kind: 'file', ...file, depth, isOpen: false, changedInside: 0, position, siblings })
    })
  }

  list(root, 0)
  return rows
}

/** The set after a folder was folded or unfolded. */
export function toggled(choice: TreeChoice, path: string): ReadonlySet<string> {
  const isSearching = choice.filter.trim() !== '' || choice.onlyChanged
  const key = isSearching ? `closed:${path}` : path
  const open = new Set(choice.open)
  if (!open.delete(key)) open.add(key)
  return open
}

function hasFound(folder: Folder, isFound: (file: LeafFile) => boolean): boolean {
  return folder.files.some(isFound) || [...folder.folders.values()].some((inner) => hasFound(inner, isFound))
}

function childOf(folder: Folder, name: string): Folder {
  const found = folder.folders.get(name)
  if (found !== undefined) return found
  const child = newFolder(folder.path === '' ? name : `${folder.path}/${name}`, name)
  folder.folders.set(name, child)
  return child
}

function newFolder(path: string, name: string): Folder {
  return { path, name, folders: new Map(), files: [], changedInside: 0 }
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

// What lies at a path that somebody typed. A path that no file system takes (too long, with a NUL, not ours to look at) is nothing.

import { statSync, type Stats } from 'node:fs'

export function isFolder(path: string): boolean {
  return look(path)?.isDirectory() ?? false
}

export function isFile(path: string): boolean {
  return look(path)?.isFile() ?? false
}

function look(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

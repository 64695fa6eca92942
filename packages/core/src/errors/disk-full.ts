// Full disks, as they show in errors of this process and of the programs that it runs.

const words = /no space left on device|disk quota exceeded/i
const codes = new Set(['ENOSPC', 'EDQUOT'])

/** True when a program says that a disk is full, or that its owner's share of it is. */
export function saysDiskFull(said: string): boolean {
  return words.test(said)
}

/** True when a program says what it says on a file system whose disk gave way under it, because it is full or broken. */
export function saysDiskGaveWay(said: string): boolean {
  return saysDiskFull(said) || /input\/output error|read-only file system|structure needs cleaning/i.test(said)
}

/** The same as `saysDiskFull` for what was thrown: by its code, its message, what the program said, or its cause. */
export function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, stderr } = error as { code?: unknown; stderr?: unknown }
  return codes.has(String(code)) || saysDiskFull(error.message) || saysDiskFull(String(stderr ?? '')) || isDiskFull(error.cause)
}

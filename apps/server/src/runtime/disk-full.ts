// Full disks, as they show in errors of this process and of the programs that it runs. A database on a full disk says so by itself.

const words = /no space left on device|disk quota exceeded/i
const codes = new Set(['ENOSPC', 'EDQUOT'])

/** What a person can do about it; null: the error has another cause. */
export function diskFullAdvice(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { code, stderr } = error as { code?: unknown; stderr?: unknown }
  const isFull = codes.has(String(code)) || words.test(error.message) || words.test(String(stderr ?? ''))
  if (!isFull) return error.cause === undefined ? null : diskFullAdvice(error.cause)
  return 'A disk of the machine is full. Free some space on the disks of SLIPWAY_HOME and of the sandboxes (`df -h` shows which), then continue.'
}

// What a person can do about a full disk. A database on a full disk says so by itself.

import { isDiskFull } from '@slipway/core/errors/disk-full'

/** null: the error has another cause. */
export function diskFullAdvice(error: unknown): string | null {
  if (!isDiskFull(error)) return null
  return 'A disk of the machine is full. Free some space on the disks of SLIPWAY_HOME and of the sandboxes (`df -h` shows which), then continue.'
}

// Bounds of the airlock, with their defaults.

export interface AirlockLimits {
  /** Size of what one offer may send. */
  maxPackBytes: number
  /** For packing and unpacking one offer. */
  intakeTimeoutMs: number
  maxFileBytes: number
  maxChangedFiles: number
  maxCommits: number
  /** For one secret scan; when it is over, the scan blocks. */
  scanTimeoutMs: number
  /** For one check of a verification. */
  checkTimeoutMs: number
}

export const defaultLimits: AirlockLimits = {
  maxPackBytes: 200_000_000,
  intakeTimeoutMs: 120_000,
  maxFileBytes: 10_000_000,
  maxChangedFiles: 5_000,
  maxCommits: 500,
  scanTimeoutMs: 120_000,
  checkTimeoutMs: 15 * 60_000,
}

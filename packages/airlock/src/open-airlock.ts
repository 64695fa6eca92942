// Puts the airlock together: the one way for code to leave a sandbox.

import type { Airlock, EgressPolicy, Ids, SandboxLimits, Sandboxes } from '@slipway/core/ports'
import type { RepositoryRef } from '@slipway/core/events'
import { openQuarantine } from '@slipway/git/open-quarantine'
import { slipwayIdentity } from './identity.ts'
import type { Identity } from './identity.ts'
import { defaultLimits } from './limits.ts'
import type { AirlockLimits } from './limits.ts'
import { offerCommit } from './offer/offer-commit.ts'
import { takeInBase } from './offer/take-in-base.ts'
import { scanCommits } from './secret-scan/scan-commits.ts'
import { showDiff } from './show-diff.ts'
import type { FindChecks, RunSetup } from './verify/verification-ports.ts'
import { verifyCommit } from './verify/verify-commit.ts'

export interface AirlockOptions {
  /** Slipway's home folder, with the mirrors that the forges prepare. */
  home: string
  sandboxes: Sandboxes
  runSetup: RunSetup
  findChecks: FindChecks
  ids: Ids
  limits?: Partial<AirlockLimits>
  /** Of a verification's sandbox; default 4 GB of memory, 2 cores, 1,024 processes, 10 GB of disk. */
  sandboxLimits?: SandboxLimits
  /** Network while checks run; default none. */
  verificationEgress?: EgressPolicy
  /** Who commits; default Slipway itself. */
  identity?: Identity
}

const defaultSandboxLimits: SandboxLimits = { memoryBytes: 4 * 1024 ** 3, processes: 1024, cpus: 2, diskBytes: 10 * 1024 ** 3 }

/** Implements the `Airlock` port over the repositories below `home`. */
export function openAirlock(options: AirlockOptions): Airlock {
  const { home } = options
  const limits = { ...defaultLimits, ...options.limits }
  const quarantineOf = (input: { repository: RepositoryRef; sessionId: string }) =>
    openQuarantine({ home, url: input.repository.url, sessionId: input.sessionId })
  return {
    offer: (input) => offerCommit(input, { home, limits, identity: options.identity ?? slipwayIdentity }),
    takeIn: (input) => takeInBase(input, { home, identity: options.identity ?? slipwayIdentity }),
    async scan(input) {
      return scanCommits(input, {
        home,
        gitDir: await quarantineOf(input),
        maxFileBytes: limits.maxFileBytes,
        timeoutMs: limits.scanTimeoutMs,
      })
    },
    async verify(input) {
      return verifyCommit(input, {
        gitDir: await quarantineOf(input),
        sandboxes: options.sandboxes,
        ids: options.ids,
        runSetup: options.runSetup,
        findChecks: options.findChecks,
        sandboxLimits: options.sandboxLimits ?? defaultSandboxLimits,
        egress: options.verificationEgress ?? { allow: [], uploadLimitBytes: 0 },
        checkTimeoutMs: limits.checkTimeoutMs,
      })
    },
    async diff(input) {
      return showDiff({ ...input, gitDir: await quarantineOf(input) })
    },
  }
}

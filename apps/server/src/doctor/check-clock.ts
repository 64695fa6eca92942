// A clock that is far off breaks TLS, tokens, leases between machines and daily budgets.

import type { Finding } from './finding.ts'
import { broken, well } from './finding.ts'
import type { Host } from './host.ts'
import { asRoot } from './install-command.ts'

/** This file is younger than that, so an earlier time is certainly wrong. */
const EARLIEST = Date.UTC(2026, 0, 1)
const LATEST = Date.UTC(2100, 0, 1)

export function checkClock(host: Host): Finding {
  const now = host.now()
  if (now > EARLIEST && now < LATEST) return well('Clock', new Date(now).toISOString())
  return broken('Clock', {
    summary: `the clock says ${new Date(now).toISOString()}`,
    cause: 'That cannot be.',
    fix: asRoot(host, 'timedatectl set-ntp true'),
  })
}

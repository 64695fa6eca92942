// Starts a real sandbox and looks from inside whether the walls stand.

import { readFileSync } from 'node:fs'
import type { SelfTest } from '@slipway/core/ports'
import type { Backend } from '../backend.ts'
import type { State } from '../host/state.ts'
import type { Cgroups } from '../limits/cgroup.ts'
import { type Finding, probeSandbox } from '../self-test/probe.ts'

/** Findings of the walls, and which limits the kernel enforces here. */
export async function bubblewrapSelfTest(input: {
  backend: Backend
  state: State
  cgroups: Cgroups | null
  canMountImages: boolean
}): Promise<SelfTest> {
  const findings: Finding[] = []
  if (input.state.uid === 0)
    findings.push({
      name: 'user',
      ok: false,
      message: 'sandboxes would run as root',
      fix: 'Set SLIPWAY_SANDBOX_UID to a number above 0, or run Slipway as an ordinary user.',
    })
  else findings.push(...(await probeSandbox(input.backend, explainBubblewrap)))
  findings.push(
    {
      name: 'limits',
      ok: true,
      message: input.cgroups
        ? `memory, processes and processor by control groups (version ${input.cgroups.version})`
        : 'memory and processes by per-process limits and a watchdog; processor share is not limited, because no control group may be made here',
      fix: '',
    },
    {
      name: 'disk',
      ok: true,
      message: input.canMountImages ? 'disk by a file system of its own' : 'disk by a watchdog that ends the sandbox',
      fix: '',
    },
  )
  return { ok: findings.every((finding) => finding.ok), backend: 'bubblewrap', findings }
}

/** What to type for what bwrap says when it does not come up. */
export function explainBubblewrap(errors: string): { message: string; fix: string } {
  const message = errors.split('\n').find((line) => line.trim() !== '') ?? errors
  if (/not installed/.test(errors)) return { message: 'bubblewrap is not installed', fix: 'apt-get install bubblewrap' }
  if (/find source path/.test(errors))
    return {
      message,
      fix: 'The sandbox user cannot reach that path: set SLIPWAY_SANDBOX_STATE to a directory all of whose parents it may enter.',
    }
  // By then it is in its namespaces: what may not be run is ours.
  if (/failed to execute .*: Permission denied/.test(errors))
    return {
      message: `no program may be run on the file system of the sandboxes' files (${message})`,
      fix: 'It is mounted with noexec: set SLIPWAY_HOME, or SLIPWAY_SANDBOX_STATE where Slipway runs as root, to a folder on another file system.',
    }
  if (readNumber('/proc/sys/user/max_user_namespaces') === 0)
    return { message: 'the kernel forbids user namespaces', fix: 'sysctl -w user.max_user_namespaces=15000' }
  if (readNumber('/proc/sys/kernel/unprivileged_userns_clone') === 0)
    return { message: 'the kernel forbids user namespaces to ordinary users', fix: 'sysctl -w kernel.unprivileged_userns_clone=1' }
  if (readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === 1 && /permitted|denied/i.test(errors)) {
    return {
      message: `AppArmor forbids user namespaces to bubblewrap (${message})`,
      fix: 'Install an AppArmor profile that allows userns for /usr/bin/bwrap, or allow it to all: `sysctl -w kernel.apparmor_restrict_unprivileged_userns=0`',
    }
  }
  if (/Can't mount proc|\/proc.*(permitted|denied)/i.test(errors))
    return {
      message: `a fresh /proc cannot be mounted here (${message})`,
      fix: 'When Slipway itself runs in a container, give it an unmasked /proc (systempaths=unconfined) or use the docker backend.',
    }
  if (/namespace|uid map|permitted|denied/i.test(errors))
    return {
      message: `user namespaces are not available (${message})`,
      fix: 'Allow unprivileged user namespaces on this machine, or use the docker backend.',
    }
  return { message, fix: 'Run `bwrap --ro-bind / / true` as the same user to see the cause.' }
}

function readNumber(path: string): number | null {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

// Control groups, version 2 or 1, where this process may make them.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { SandboxLimits } from '@slipway/core/ports'

const PERIOD_US = 100_000
/** A group younger than this may be another process's, about to be filled. */
const SETTLED_MS = 60_000

export interface Cgroup {
  add(pid: number): void
  oomKills(): number
  /** After the last process has ended. Nobody needs to wait: the kernel lets go of a group a little later. */
  remove(): void
}

export interface Cgroups {
  version: 1 | 2
  create(name: string, limits: SandboxLimits): Cgroup
  /** Removes groups of this installation that hold no process: left over from an earlier life. */
  sweep(): void
  /** Waits for groups that are being removed, then removes those of the installation itself when no other process of it uses them. */
  close(): Promise<void>
}

/** Control groups below one named after the installation, or null when this process may not make any. */
export function openCgroups(installation: string): Cgroups | null {
  return openVersion2(installation) ?? openVersion1(installation)
}

function openVersion2(installation: string): Cgroups | null {
  try {
    if (!existsSync('/sys/fs/cgroup/cgroup.controllers')) return null
    const parent = writableParent()
    const base = join(parent, `slipway-${installation}`)
    // Another process of this home may have removed the base meanwhile, so it is prepared for each group.
    const prepare = (): void => {
      mkdirSync(base, { recursive: true })
      for (const directory of [parent, base]) writeFileSync(join(directory, 'cgroup.subtree_control'), '+memory +pids +cpu')
    }
    prepare()
    const leaving: Leaving = new Set()
    return {
      version: 2,
      create: (name, limits) => {
        prepare()
        return version2Group(join(base, name), limits, leaving)
      },
      sweep: () => sweep([base]),
      async close() {
        await Promise.all(leaving)
        removeQuietly(base)
      },
    }
  } catch {
    return null
  }
}

/** As root the top; else our own group, when it was delegated to us. We step into a leaf, since inner groups hold no processes. */
function writableParent(): string {
  if (process.getuid?.() === 0) return '/sys/fs/cgroup'
  const own = join('/sys/fs/cgroup', /^0::(.*)$/m.exec(readFileSync('/proc/self/cgroup', 'utf8'))?.[1] ?? '/')
  const top = own.endsWith('/slipway-main') ? join(own, '..') : own
  const leaf = join(top, 'slipway-main')
  mkdirSync(leaf, { recursive: true })
  writeFileSync(join(leaf, 'cgroup.procs'), String(process.pid))
  return top
}

function version2Group(path: string, limits: SandboxLimits, leaving: Leaving): Cgroup {
  mkdirSync(path)
  writeFileSync(join(path, 'memory.max'), String(limits.memoryBytes))
  writeIfThere(join(path, 'memory.swap.max'), '0')
  writeFileSync(join(path, 'pids.max'), String(limits.processes))
  writeFileSync(join(path, 'cpu.max'), `${Math.round(limits.cpus * PERIOD_US)} ${PERIOD_US}`)
  return group([path], leaving, () => counter(join(path, 'memory.events')))
}

function openVersion1(installation: string): Cgroups | null {
  try {
    const bases = ['memory', 'pids', 'cpu'].map((controller) => {
      const mount = version1Mount(controller)
      const base = join(mount, `slipway-${installation}`)
      mkdirSync(base, { recursive: true })
      return base
    })
    const [memory, pids, cpu] = bases as [string, string, string]
    const leaving: Leaving = new Set()
    return {
      version: 1,
      create(name, limits) {
        const paths = [memory, pids, cpu].map((base) => join(base, name))
        for (const path of paths) mkdirSync(path, { recursive: true })
        const [inMemory, inPids, inCpu] = paths as [string, string, string]
        writeFileSync(join(inMemory, 'memory.limit_in_bytes'), String(limits.memoryBytes))
        writeIfThere(join(inMemory, 'memory.memsw.limit_in_bytes'), String(limits.memoryBytes))
        writeFileSync(join(inPids, 'pids.max'), String(limits.processes))
        writeFileSync(join(inCpu, 'cpu.cfs_period_us'), String(PERIOD_US))
        writeFileSync(join(inCpu, 'cpu.cfs_quota_us'), String(Math.round(limits.cpus * PERIOD_US)))
        return group([...new Set(paths)], leaving, () => counter(join(inMemory, 'memory.oom_control')))
      },
      sweep: () => sweep(bases),
      async close() {
        await Promise.all(leaving)
        bases.forEach(removeQuietly)
      },
    }
  } catch {
    return null
  }
}

function version1Mount(controller: string): string {
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, path, type, options] = line.split(' ')
    if (type === 'cgroup' && path && options?.split(',').includes(controller)) return path
  }
  throw new Error(`no ${controller} controller`)
}

type Leaving = Set<Promise<void>>

function group(paths: string[], leaving: Leaving, oomKills: () => number): Cgroup {
  return {
    add(pid) {
      for (const path of paths) writeFileSync(join(path, 'cgroup.procs'), String(pid))
    },
    oomKills,
    remove() {
      const removing = removeSoon(paths).finally(() => leaving.delete(removing))
      leaving.add(removing)
    },
  }
}

async function removeSoon(paths: string[]): Promise<void> {
  for (let attempt = 0; attempt < 50 && !paths.every(removeQuietly); attempt += 1) await delay(20)
}

function sweep(bases: string[]): void {
  for (const base of bases) {
    for (const entry of readdirSync(base, { withFileTypes: true })) {
      if (entry.isDirectory() && statSync(join(base, entry.name)).mtimeMs < Date.now() - SETTLED_MS) removeQuietly(join(base, entry.name))
    }
  }
}

/** The kernel refuses to remove a group that still has processes. */
function removeQuietly(path: string): boolean {
  try {
    rmdirSync(path)
    return true
  } catch {
    return !existsSync(path)
  }
}

function writeIfThere(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch {
    /* no swap accounting */
  }
}

function counter(path: string): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync(path, 'utf8'))?.[1] ?? 0)
  } catch {
    return 0
  }
}

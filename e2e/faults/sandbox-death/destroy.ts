// Takes a running sandbox away under its session, from outside, as a crash or an administrator does.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { dockerApi } from '@slipway/sandbox/docker/api'

export type Destroyable = 'bubblewrap' | 'docker'

/** Kills everything that runs on the workspaces whose name fits; how many sandboxes that were. */
export async function destroySandboxes(input: { backend: Destroyable; state: string; fits: RegExp }): Promise<number> {
  return input.backend === 'docker' ? destroyContainers(input.fits) : destroyHolders(input)
}

/** The first process of a sandbox takes all others with it. */
function destroyHolders({ state, fits }: { state: string; fits: RegExp }): number {
  const workspaces = join(state, 'workspaces')
  const pids = readdirSync(workspaces).flatMap((key) => {
    const [name, holder] = [readText(join(workspaces, key, 'name')), readText(join(workspaces, key, 'holder'))]
    const pid = Number.parseInt(holder, 10)
    return fits.test(name) && isStartedAt(pid, holder.split(':')[1]) ? [pid] : []
  })
  for (const pid of pids) process.kill(pid, 'SIGKILL')
  return pids.length
}

async function destroyContainers(fits: RegExp): Promise<number> {
  const api = dockerApi('/var/run/docker.sock')
  const running = (await api.call('GET', '/containers/json')) as { Id: string; Labels: Record<string, string> }[]
  const found = running.filter(({ Labels }) => fits.test(Labels['slipway.workspace'] ?? ''))
  const killed = found.map(({ Id }) =>
    api.call('POST', `/containers/${Id}/kill`).then(
      () => 1,
      () => 0,
    ),
  )
  return (await Promise.all(killed)).reduce((sum: number, one) => sum + one, 0)
}

/** A process id alone could be somebody else's by now. */
function isStartedAt(pid: number, ticks: string | undefined): boolean {
  const stat = readText(`/proc/${pid}/stat`)
  return ticks !== undefined && stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] === ticks
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

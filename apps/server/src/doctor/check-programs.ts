// Node, git, and who runs Slipway.

import type { Finding } from './finding.ts'
import { broken, doubtful, well } from './finding.ts'
import type { Host } from './host.ts'
import { installCommand } from './install-command.ts'

const OLDEST_NODE = 24
/** What Debian 12 has, and the oldest that Slipway's own checks run with. */
const TESTED_GIT = [2, 39] as const
/** Older ones lack options that keep the host's git from running a repository's code. */
const OLDEST_GIT = [2, 32] as const

export function checkNode(host: Host): Finding {
  const major = Number.parseInt(host.nodeVersion, 10)
  if (major >= OLDEST_NODE) return well('Node', `Node ${host.nodeVersion}`)
  return broken('Node', {
    summary: `Node ${host.nodeVersion} is too old`,
    cause: `Slipway needs Node ${OLDEST_NODE} or newer. Its start script brings one along on Linux; this process was started without it.`,
    fix: './slipway doctor',
  })
}

export async function checkGit(host: Host): Promise<Finding> {
  const result = await host.run('git', ['--version'])
  const fix = await installCommand(host, 'git')
  if (!result.ok) {
    const cause = result.problem === 'missing' ? 'No program called git is on the PATH.' : `git --version failed: ${result.stderr}`
    return broken('git', { summary: 'git does not run', cause: `${cause} Slipway clones, packs and pushes with it.`, fix })
  }
  const version = /(\d+)\.(\d+)/.exec(result.stdout)
  const found: [number, number] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)]
  const summary = `git ${found.join('.')}`
  if (isOlder(found, OLDEST_GIT))
    return broken('git', { summary: `${summary} is too old`, cause: `Slipway needs git ${OLDEST_GIT.join('.')} or newer.`, fix })
  if (isOlder(found, TESTED_GIT))
    return doubtful('git', {
      summary: `${summary} is older than what Slipway is tested with`,
      cause: `It is tested with git ${TESTED_GIT.join('.')} and newer.`,
      fix,
    })
  return well('git', summary)
}

export function checkUser(host: Host): Finding {
  if (host.userId !== 0) return well('User', 'runs as an ordinary user')
  return doubtful('User', {
    summary: 'runs as root',
    cause:
      'A fault in Slipway would then be a fault of the whole machine. Sandboxes and the embedded database drop to another user id by themselves; the server does not.',
    fix: 'Make a user for Slipway and start it as that one: `adduser --system --group --home /var/lib/slipway slipway`',
  })
}

function isOlder([major, minor]: readonly [number, number], [wantedMajor, wantedMinor]: readonly [number, number]): boolean {
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor)
}

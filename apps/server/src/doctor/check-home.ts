// The home folder: can it be written, is it private, is there room.

import { dirname } from 'node:path'
import type { Finding } from './finding.ts'
import { broken, doubtful, well } from './finding.ts'
import type { Host } from './host.ts'
import { asRoot } from './install-command.ts'

const GIGABYTE = 1024 ** 3
const TOO_LITTLE = 0.2 * GIGABYTE
const COMFORTABLE = 2 * GIGABYTE
const FEW_FILES = 10_000

export async function checkHome(host: Host, home: string): Promise<Finding> {
  const place = await nearestExisting(host, home)
  if (place.path === home && place.kind !== 'directory') {
    return broken('Home', {
      summary: `${home} is not a folder`,
      cause: 'SLIPWAY_HOME must name a folder.',
      fix: `export SLIPWAY_HOME=${home}.d`,
    })
  }
  if (!(await host.canWrite(place.path))) {
    return broken('Home', {
      summary: `${home} cannot be written`,
      cause: `${place.path} belongs to user id ${place.ownerId}; this process is user id ${host.userId ?? 'unknown'}.`,
      fix: `Make it yours (\`${asRoot(host, `chown -R "$(id -u)" ${place.path}`)}\`) or choose another folder: \`export SLIPWAY_HOME="$HOME/.slipway"\``,
    })
  }
  if (place.path === home && (place.mode & 0o077) !== 0) {
    return doubtful('Home', {
      summary: `${home} is open to other users of this machine`,
      cause: `Its mode is ${place.mode.toString(8)}; it holds the API token and the sessions.`,
      fix: `chmod 700 ${home}`,
    })
  }
  return well('Home', place.path === home ? home : `${home} (made at the first start)`)
}

export async function checkDisk(host: Host, home: string): Promise<Finding> {
  const { path } = await nearestExisting(host, home)
  const free = await host.freeSpace(path)
  if (free === null) return well('Disk', 'free space is not known')
  const gigabytes = `${(free.bytes / GIGABYTE).toFixed(1)} GB free at ${path}`
  const fix = `du -xh --max-depth=2 ${path} | sort -h | tail`
  if (free.files === 0)
    return broken('Disk', {
      summary: `no more files fit at ${path}`,
      cause: 'The file system has run out of inodes, though not of bytes.',
      fix: `df -i ${path}`,
    })
  if (free.bytes < TOO_LITTLE)
    return broken('Disk', { summary: gigabytes, cause: 'Below 0.2 GB the database stops and no sandbox starts.', fix })
  if (free.bytes < COMFORTABLE)
    return doubtful('Disk', {
      summary: gigabytes,
      cause: 'Work trees and installed packages need room; below 2 GB builds are likely to fail.',
      fix,
    })
  if (free.files < FEW_FILES)
    return doubtful('Disk', {
      summary: `room for ${free.files} more files at ${path}`,
      cause: 'Installed packages are made of many small files.',
      fix: `df -i ${path}`,
    })
  return well('Disk', gigabytes)
}

async function nearestExisting(host: Host, path: string) {
  for (let candidate = path; ; candidate = dirname(candidate)) {
    const facts = await host.look(candidate)
    if (facts !== null || candidate === dirname(candidate))
      return { path: candidate, ...(facts ?? { kind: 'directory' as const, ownerId: 0, mode: 0o755 }) }
  }
}

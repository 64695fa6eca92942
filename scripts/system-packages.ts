// Installs the system packages that Slipway or its tests need, where this may be done without asking; elsewhere says what to install.
// usage: system-packages.ts run|test      Never fails: what is missing shows in `slipway doctor` and in the tests.

import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

type Purpose = 'run' | 'test'

interface SystemPackage {
  /** Debian's name. */
  name: string
  what: string
  isThere(): boolean
}

const toRun: SystemPackage[] = [
  { name: 'git', what: 'clones, packs and pushes', isThere: () => isOnPath('git') },
  { name: 'bubblewrap', what: 'isolates what the agent runs', isThere: () => isOnPath('bwrap') },
]

const toTest: SystemPackage[] = [
  { name: 'chromium', what: 'opens pages as a user would', isThere: () => isOnPath('chromium') },
  { name: 'docker.io', what: 'the other kind of sandbox', isThere: () => isOnPath('dockerd') },
  { name: 'debootstrap', what: 'builds the image of the Docker sandbox', isThere: () => isOnPath('debootstrap') },
  { name: 'golang-go', what: 'checks a small project in Go', isThere: () => isOnPath('go') },
  { name: 'gcc', what: 'checks a small project in C', isThere: () => isOnPath('gcc') },
  { name: 'libc6-dev', what: 'the same', isThere: () => existsSync('/usr/include/stdio.h') },
  { name: 'python3', what: 'checks a small project in Python', isThere: () => isOnPath('python3') },
  { name: 'postgresql', what: 'a server besides the embedded one', isThere: () => newestPostgres() !== null },
]

/** Folder of the newest PostgreSQL server that Debian's packages brought, or null. */
export function newestPostgres(): string | null {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root)
    ? readdirSync(root)
        .map(Number)
        .filter(Number.isInteger)
        .toSorted((a, b) => b - a)
    : []
  return versions.map((version) => join(root, String(version), 'bin')).find((folder) => existsSync(join(folder, 'pg_ctl'))) ?? null
}

export function installSystemPackages(purpose: Purpose): void {
  const missing = (purpose === 'run' ? toRun : [...toRun, ...toTest]).filter((candidate) => !candidate.isThere())
  if (missing.length === 0) return
  const names = missing.map(({ name }) => name)
  const prefix = rootPrefix()
  if (!isOnPath('apt-get') || prefix === null) {
    console.error(
      `slipway: please install ${missing.map(({ name, what }) => `${name} (${what})`).join(', ')}; on Debian: sudo apt-get install ${names.join(' ')}`,
    )
    return
  }
  console.error(`slipway: installing system packages with apt-get: ${missing.map(({ name, what }) => `${name} (${what})`).join(', ')}`)
  apt(prefix, ['update', '-qq'])
  if (!apt(prefix, ['install', '-y', '-qq', '--no-install-recommends', ...names])) {
    console.error(
      `slipway: apt-get could not install all of them; its messages are above. To try again: sudo apt-get install ${names.join(' ')}`,
    )
  }
}

function apt(prefix: string[], words: string[]): boolean {
  const command = [
    ...prefix,
    'env',
    'DEBIAN_FRONTEND=noninteractive',
    'apt-get',
    '-o',
    'DPkg::Lock::Timeout=300',
    '-o',
    'Dpkg::Use-Pty=0',
    ...words,
  ]
  return spawnSync(command[0] ?? 'env', command.slice(1), { stdio: ['ignore', process.stderr, process.stderr] }).status === 0
}

/** What to put before a command to run it as root without a question; null when that cannot be. */
function rootPrefix(): string[] | null {
  if (process.getuid?.() === 0) return []
  return isOnPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0 ? ['sudo', '-n'] : null
}

function isOnPath(program: string): boolean {
  return [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'].some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) installSystemPackages(process.argv[2] === 'test' ? 'test' : 'run')

// PostgreSQL refuses to run as root, rightly, and initdb wants a user with a name. On a machine where Slipway itself is root,
// or has a uid that nobody named (a container started with `--user 1234`), a user namespace gives the server an ordinary
// named uid while its files stay where they are.

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { DatabaseProblem } from '../database-problem.ts'
import { serverEnvironment } from './postmaster.ts'

const alternatives = 'Or start Slipway as an ordinary user, or set DATABASE_URL to a PostgreSQL server (15 or newer) of your own.'

/** The words to put before a command so that it runs as a named user other than root; none when this process is one. */
export async function likelyPrefix(): Promise<string[]> {
  if (reasonForNamespace() === null) return []
  const uid = chooseUid(await readFile('/etc/passwd', 'utf8').catch(() => ''))
  return ['bwrap', '--dev-bind', '/', '/', '--unshare-user', '--uid', uid, '--gid', uid]
}

/** The same, tried out. Throws DatabaseProblem where it does not work. */
export async function unprivilegedPrefix(): Promise<string[]> {
  const reason = reasonForNamespace()
  if (reason === null) return []
  const prefix = await likelyPrefix()
  const problem = await tryPrefix(prefix)
  if (problem === null) return prefix
  if (problem === 'missing') {
    throw new DatabaseProblem(
      'running-as-root-without-bubblewrap',
      `${reason} Bubblewrap, which would start it as an ordinary user, is not installed.`,
      `Run: apt-get install bubblewrap   ${alternatives}`,
    )
  }
  throw new DatabaseProblem(
    'user-namespaces-forbidden',
    `${reason} This machine forbids the user namespace that would give it an ordinary user: ${problem}`,
    `In a container, allow user namespaces (Docker: --security-opt seccomp=unconfined). ${alternatives}`,
  )
}

function reasonForNamespace(): string | null {
  if (process.getuid?.() === 0) return 'Slipway runs as root, and PostgreSQL must not.'
  try {
    userInfo()
    return null
  } catch {
    return `Slipway runs as uid ${process.getuid?.()}, which has no name on this machine, and PostgreSQL needs one.`
  }
}

/** A named uid that is neither root nor the one that a namespace shows for everybody it does not know (65534), if there is one. */
export function chooseUid(passwd: string): string {
  const uids = passwd.split('\n').flatMap((line) => line.split(':')[2] ?? [])
  return uids.find((uid) => /^[1-9]\d*$/.test(uid) && uid !== '65534') ?? '65534'
}

/** null: it works. `missing`: no bubblewrap. Anything else: what it said. */
function tryPrefix([command = '', ...words]: string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(command, [...words, 'true'], { timeout: 10_000, env: serverEnvironment(), encoding: 'utf8' }, (error, _stdout, stderr) => {
      if (error === null) resolve(null)
      else if (error.code === 'ENOENT') resolve('missing')
      else resolve(stderr.trim() || error.message)
    })
  })
}

// PostgreSQL refuses to run as root, rightly. On a machine where Slipway itself is root, a user namespace gives the
// server an ordinary uid while its files stay where they are.

import { execFile } from 'node:child_process'
import { DatabaseProblem } from '../database-problem.ts'

const namespace = ['--dev-bind', '/', '/', '--unshare-user', '--uid', '1000', '--gid', '1000']
const alternatives = 'Or start Slipway as an ordinary user, or set DATABASE_URL to a PostgreSQL server (15 or newer) of your own.'

/** The words to put before a command so that it does not run as uid 0; none for an ordinary user. */
export async function unprivilegedPrefix(): Promise<string[]> {
  if (process.getuid?.() !== 0) return []
  const problem = await tryNamespace()
  if (problem === null) return ['bwrap', ...namespace]
  if (problem === 'missing') {
    throw new DatabaseProblem(
      'running-as-root-without-bubblewrap',
      'Slipway runs as root, PostgreSQL must not, and bubblewrap, which would start it as an ordinary user, is not installed.',
      `Run: apt-get install bubblewrap   ${alternatives}`,
    )
  }
  throw new DatabaseProblem(
    'user-namespaces-forbidden',
    `Slipway runs as root, PostgreSQL must not, and this machine forbids the user namespace that would give it an ordinary uid: ${problem}`,
    `In a container, allow user namespaces (Docker: --security-opt seccomp=unconfined). ${alternatives}`,
  )
}

/** null: it works. `missing`: no bubblewrap. Anything else: what it said. */
function tryNamespace(): Promise<string | null> {
  return new Promise((resolve) => {
    execFile('bwrap', [...namespace, 'true'], { timeout: 10_000, encoding: 'utf8' }, (error, _stdout, stderr) => {
      if (error === null) resolve(null)
      else if (error.code === 'ENOENT') resolve('missing')
      else resolve(stderr.trim() || error.message)
    })
  })
}

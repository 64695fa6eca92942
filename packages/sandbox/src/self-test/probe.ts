// One sandbox, one script, a list of findings; the same for every backend that confines.

import type { SelfTest } from '@slipway/core/ports'
import { isDiskFull, saysDiskFull } from '@slipway/core/errors/disk-full'
import { type Backend, LaunchFailed } from '../backend.ts'
import type { RunnerFacts } from '../protocol/messages.ts'
import { openChannel } from '../runner-host/channel.ts'

export type Finding = SelfTest['findings'][number]

const LIMIT_MS = 10_000
const LIMITS = { memoryBytes: 256 * 1024 * 1024, processes: 64, cpus: 1, diskBytes: 16 * 1024 * 1024 }

/** Prints one word for each wall that does not stand. Settings are written back with their own value. */
const SCRIPT = `
cd /
if find /proc/sys -type f -writable 2>/dev/null | grep -q .; then echo proc-sys; fi
if { cat /proc/sys/vm/swappiness > /proc/sys/vm/swappiness; } 2>/dev/null; then echo proc-sys; fi
if grep -qv -e '^Inter' -e 'face' -e '^ *lo:' /proc/net/dev; then echo network; fi
if command -v unshare >/dev/null && unshare -U true 2>/dev/null; then echo user-namespace; fi
for path in /run/docker.sock /var/run/docker.sock; do if [ -e $path ]; then echo docker-socket; fi; done
for path in /etc/shadow /root/. /usr/slipway-probe; do if { [ -r "$path" ] || : > "$path"; } 2>/dev/null; then echo root-files; fi; done
if [ "$(id -u)" = 0 ]; then echo root-user; fi
echo done
`

const WALLS: { name: string; stands: string; broken: string }[] = [
  {
    name: 'proc-sys',
    stands: 'nothing under /proc/sys can be written',
    broken: 'kernel settings under /proc/sys can be written from inside',
  },
  { name: 'network', stands: 'no network but loopback', broken: 'the sandbox has a network interface' },
  { name: 'user-namespace', stands: 'no new user namespace', broken: 'code inside can make a user namespace' },
  { name: 'docker-socket', stands: 'no Docker socket', broken: 'the Docker socket is visible inside' },
  {
    name: 'root-files',
    stands: 'system files are read-only and secrets absent',
    broken: 'system files can be written, or secrets read, from inside',
  },
  { name: 'root-user', stands: 'runs as an ordinary user', broken: 'the sandbox runs as root' },
]

/** Starts a sandbox and reports on each wall; `explain` turns a failed start into a cause and a fix. */
export async function probeSandbox(backend: Backend, explain: (errors: string) => { message: string; fix: string }): Promise<Finding[]> {
  const workspace = `self-test-${process.pid}`
  try {
    const { facts, words } = await lookInside(backend, workspace)
    const fix = 'This backend is not used until that is mended; report it with the output of `slipway doctor`.'
    return [
      ...WALLS.map((wall): Finding => {
        const ok = !words.includes(wall.name)
        return { name: wall.name, ok, message: ok ? wall.stands : wall.broken, fix: ok ? '' : fix }
      }),
      finding(
        'capabilities',
        Number.parseInt(facts.effectiveCapabilities, 16) === 0 && Number.parseInt(facts.boundingCapabilities, 16) === 0,
        `capabilities ${facts.effectiveCapabilities}, bounding set ${facts.boundingCapabilities}`,
        fix,
      ),
      finding('no-new-privileges', facts.noNewPrivileges === '1', `no_new_privs is ${facts.noNewPrivileges}`, fix),
      finding('seccomp', facts.seccomp === '2', facts.seccomp === '2' ? 'system call filter active' : 'no system call filter', fix),
      finding(
        'probe',
        words.includes('done'),
        words.includes('done') ? 'the probe ran to its end' : `the probe did not run to its end (${words.join(' ')})`,
        fix,
      ),
    ]
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    const { message, fix } = isDiskFull(error) ? fullDisk(said) : explain(said)
    return [{ name: 'start', ok: false, message, fix }]
  } finally {
    await backend.deleteWorkspace(workspace, { keepCheckpoints: false }).catch(() => undefined)
  }
}

/** In the words of the program that met it. */
function fullDisk(said: string): { message: string; fix: string } {
  const line = said.split('\n').find(saysDiskFull) ?? 'no space left on device'
  return { message: line.trim(), fix: 'Free some space on the disk of the sandboxes; `df -h` shows which is full.' }
}

async function lookInside(backend: Backend, workspace: string): Promise<{ facts: RunnerFacts; words: string[] }> {
  const launched = await backend.launch({ sandboxId: workspace, workspace, limits: LIMITS, egressSocket: null })
  const channel = openChannel({
    sandboxId: workspace,
    input: launched.input,
    output: launched.output,
    onViolation: (reason) => void launched.kill(reason),
  })
  void launched.exited.then((reason) => channel.lose(reason))
  const deadline = setTimeout(() => void launched.kill(`no answer within ${LIMIT_MS / 1000} s`), LIMIT_MS)
  try {
    const facts = await channel.ready
    let output = ''
    const command = channel.exec(
      { argv: ['bash', '-c', SCRIPT], cwd: '', env: launched.environment, input: false },
      {
        onOutput: (chunk) => {
          output += Buffer.from(chunk).toString('utf8')
        },
      },
    )
    await command.exited
    return { facts, words: output.split(/\s+/).filter(Boolean) }
  } catch (error) {
    throw new LaunchFailed(error instanceof Error ? error.message : String(error))
  } finally {
    clearTimeout(deadline)
    await launched.kill('self-test done')
  }
}

function finding(name: string, ok: boolean, message: string, fix: string): Finding {
  return { name, ok, message, fix: ok ? '' : fix }
}

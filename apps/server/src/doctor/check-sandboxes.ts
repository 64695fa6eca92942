// Which sandbox backends work, and why the others do not.

import type { SelfTest } from '@slipway/core/ports'
import type { Finding } from './finding.ts'
import { broken, doubtful, well } from './finding.ts'
import type { Host } from './host.ts'
import { asRoot, installCommand } from './install-command.ts'

export interface SandboxWish {
  image: string
  dockerSocket: string
  backend: 'docker' | 'bubblewrap' | 'process' | null
  allowUnsafeProcess: boolean
}

const NO_NAMESPACE = ['--unshare-all', '--die-with-parent', '--ro-bind', '/', '/', '--proc', '/proc', 'true']

/**
 * One backend is enough: what is wrong with the other is then only doubtful.
 * `selfTests` are the results of the backends' own self-tests; null skips them, for a machine where nothing can be started yet.
 */
export async function checkSandboxes(host: Host, wish: SandboxWish, selfTests: SelfTest[] | null): Promise<Finding[]> {
  const backends = await Promise.all([checkBubblewrap(host), checkDocker(host, wish)])
  const tested = backends.map((finding) => withSelfTest(finding, selfTests))
  const usable = tested.filter(({ state }) => state === 'ok').map(({ name }) => name)
  const isSettled = wish.backend === null || wish.backend === 'process' ? usable.length > 0 : usable.includes(wish.backend)
  const findings = tested.map((finding) => (finding.state === 'fail' && isSettled ? { ...finding, state: 'warn' as const } : finding))
  return wish.allowUnsafeProcess ? [...findings, unsafeProcess] : findings
}

const unsafeProcess = doubtful('process', {
  summary: 'commands may run without any isolation',
  cause: 'SLIPWAY_UNSAFE_PROCESS_SANDBOX is 1.',
  fix: 'unset SLIPWAY_UNSAFE_PROCESS_SANDBOX',
})

/** Also of Docker's: on a Mac its containers run in a virtual machine that does not see what Slipway shares with them. */
function needsLinux(name: string, host: Host): Finding {
  return broken(name, {
    summary: `sandboxes of ${name} need Linux`,
    cause: `This is ${host.platform}.`,
    fix: 'Run Slipway in a Linux virtual machine; Lima, OrbStack and UTM make one.',
  })
}

async function checkBubblewrap(host: Host): Promise<Finding> {
  const name = 'bubblewrap'
  if (host.platform !== 'linux') return needsLinux(name, host)
  const version = await host.run('bwrap', ['--version'])
  if (!version.ok && version.problem === 'missing') {
    return broken(name, {
      summary: 'bubblewrap is not installed',
      cause: 'No program called bwrap is on the PATH.',
      fix: await installCommand(host, 'bubblewrap'),
    })
  }
  const trial = await host.run('bwrap', NO_NAMESPACE, { unprivileged: true })
  if (trial.ok) return well(name, version.ok ? version.stdout.trim() : 'bubblewrap')
  return broken(name, { summary: 'bubblewrap cannot make a sandbox', ...(await whyNoNamespace(host, trial.stderr)) })
}

/** The kernel gives one error for several reasons; the settings behind them tell them apart. */
async function whyNoNamespace(host: Host, said: string): Promise<{ cause: string; fix: string }> {
  const read = async (path: string) => (await host.readText(path))?.trim()
  if ((await read('/proc/sys/user/max_user_namespaces')) === '0') {
    return {
      cause: 'The kernel allows no user namespaces: user.max_user_namespaces is 0.',
      fix: keepSetting(host, 'user.max_user_namespaces=15000'),
    }
  }
  if ((await read('/proc/sys/kernel/unprivileged_userns_clone')) === '0') {
    return {
      cause: 'The kernel forbids user namespaces to ordinary users: kernel.unprivileged_userns_clone is 0.',
      fix: keepSetting(host, 'kernel.unprivileged_userns_clone=1'),
    }
  }
  if ((await read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns')) === '1') {
    return {
      cause: 'AppArmor forbids user namespaces to programs without a profile: kernel.apparmor_restrict_unprivileged_userns is 1.',
      fix: `printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }\\n' | ${asRoot(host, 'tee /etc/apparmor.d/bwrap')} && ${asRoot(host, 'apparmor_parser -r /etc/apparmor.d/bwrap')}`,
    }
  }
  const isContainer = (await host.look('/.dockerenv')) !== null || (await host.look('/run/.containerenv')) !== null
  if (isContainer) {
    return {
      cause: `This is a container whose own rules forbid user namespaces. bwrap said: ${said}`,
      fix: 'Start the container with --security-opt seccomp=unconfined --security-opt apparmor=unconfined, or run Slipway outside of it.',
    }
  }
  return { cause: `bwrap said: ${said}`, fix: 'bwrap --unshare-all --ro-bind / / --proc /proc true' }
}

function keepSetting(host: Host, setting: string): string {
  return `echo ${setting} | ${asRoot(host, 'tee /etc/sysctl.d/60-slipway.conf')} && ${asRoot(host, 'sysctl --system')}`
}

async function checkDocker(host: Host, wish: SandboxWish): Promise<Finding> {
  const name = 'docker'
  if (host.platform !== 'linux') return needsLinux(name, host)
  const version = await host.getFromSocket(wish.dockerSocket, '/version')
  if (!version.ok) return broken(name, await whyNoDocker(host, wish.dockerSocket, version.code))
  const image = await host.getFromSocket(wish.dockerSocket, `/images/${encodeURIComponent(wish.image)}/json`)
  if (!image.ok || image.status === 404) {
    return broken(name, {
      summary: `the sandbox image ${wish.image} is missing`,
      cause: 'The Docker daemon answers, but does not have the image that sandboxes start from.',
      fix: asRoot(host, `deploy/sandbox-image/build ${wish.image}`),
    })
  }
  const facts = JSON.parse(version.text) as { Version?: string }
  return well(name, `Docker ${facts.Version ?? ''}, image ${wish.image}`)
}

async function whyNoDocker(host: Host, socket: string, code: string): Promise<{ summary: string; cause: string; fix: string }> {
  if (code === 'EACCES') {
    return {
      summary: 'the Docker daemon may not be used',
      cause: `${socket} is not open to this user.`,
      fix: 'Join the group and sign in again (it makes the user as powerful as root): `sudo usermod -aG docker "$USER"`',
    }
  }
  const isInstalled =
    (await host.hasProgram('dockerd')) || (await host.look('/usr/bin/dockerd')) !== null || (await host.look('/usr/sbin/dockerd')) !== null
  if (!isInstalled && code === 'ENOENT')
    return {
      summary: 'Docker is not installed',
      cause: `There is no ${socket} and no program called dockerd.`,
      fix: await installCommand(host, 'docker.io'),
    }
  const hasServices = (await host.look('/run/systemd/system')) !== null
  return {
    summary: 'the Docker daemon does not run',
    cause: code === 'ENOENT' ? `${socket} does not exist.` : `${socket} does not answer (${code}).`,
    fix: hasServices ? asRoot(host, 'systemctl enable --now docker') : asRoot(host, 'dockerd > /tmp/dockerd.log 2>&1 &'),
  }
}

function withSelfTest(finding: Finding, selfTests: SelfTest[] | null): Finding {
  const test = selfTests?.find(({ backend }) => backend === finding.name)
  if (finding.state !== 'ok' || test === undefined || test.ok) return finding
  const failed = test.findings.filter(({ ok }) => !ok)
  return broken(finding.name, {
    summary: `${finding.name} runs, but its self-test failed; Slipway refuses to use it`,
    cause: failed.map(({ name, message }) => `${name}: ${message}`).join(' '),
    fix: failed.map(({ fix }) => fix).find((fix) => fix !== '') ?? 'Use the other backend.',
  })
}

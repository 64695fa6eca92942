import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SelfTest } from '@slipway/core/ports'
import { describe, expect, test } from 'vitest'
import type { SandboxWish } from './check-sandboxes.ts'
import { checkSandboxes } from './check-sandboxes.ts'
import type { Host } from './host.ts'
import { openHost } from './host.ts'
import { files, hostWith, pathWith, serveOnSocket, temporaryFolder } from './testing/fake-host.ts'

const nowhere: SandboxWish = {
  image: 'slipway-sandbox:local',
  dockerSocket: '/nonexistent/docker.sock',
  backend: null,
  allowUnsafeProcess: false,
}

test('a machine that is not Linux is told to be one, by neither backend to use the other', async () => {
  const finding = { state: 'fail', cause: 'This is darwin.', fix: expect.stringContaining('Linux virtual machine') }
  expect(await checkSandboxes({ ...hostWith({}), platform: 'darwin' }, nowhere, null)).toMatchObject([finding, finding])
})

describe('bubblewrap', () => {
  test('works on this machine, as an ordinary user', async () => {
    expect(await bubblewrap(hostWith({}))).toMatchObject({ state: 'ok', summary: expect.stringMatching(/^bubblewrap \d/) })
  })

  test('is not installed', async () => {
    expect(await bubblewrap({ ...openHost(await pathWith({})), ...files({}), userId: 1000 })).toMatchObject({
      state: 'fail',
      fix: 'sudo apt-get install bubblewrap',
    })
  })

  test.each([
    ['max_user_namespaces is 0', { '/proc/sys/user/max_user_namespaces': '0\n' }, 'user.max_user_namespaces=15000'],
    ['unprivileged_userns_clone is 0', { '/proc/sys/kernel/unprivileged_userns_clone': '0\n' }, 'kernel.unprivileged_userns_clone=1'],
    [
      'apparmor_restrict_unprivileged_userns is 1',
      { '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1\n' },
      '/etc/apparmor.d/bwrap',
    ],
  ])('is stopped by a kernel where %s', async (setting, contents, fix) => {
    const finding = await bubblewrap({ ...(await stoppedBubblewrap()), ...files(contents) })
    expect(finding).toMatchObject({ state: 'fail', cause: expect.stringContaining(setting), fix: expect.stringContaining(fix) })
  })

  test('is stopped by the rules of a container', async () => {
    const host = {
      ...(await stoppedBubblewrap()),
      ...files({}),
      look: async (path: string) => (path === '/.dockerenv' ? { kind: 'other' as const, ownerId: 0, mode: 0o644 } : null),
    }
    expect(await bubblewrap(host)).toMatchObject({
      state: 'fail',
      cause: expect.stringContaining('This is a container'),
      fix: expect.stringContaining('--security-opt'),
    })
  })

  test('is stopped by something unknown, which is quoted', async () => {
    expect(await bubblewrap({ ...(await stoppedBubblewrap()), ...files({}), look: async () => null })).toMatchObject({
      cause: 'bwrap said: bwrap: No permissions to create new namespace',
    })
  })
})

describe('docker', () => {
  test('answers and has the image', async () => {
    const socket = await daemon(200)
    expect(await docker(hostWith({}), { ...nowhere, dockerSocket: socket })).toEqual({
      name: 'docker',
      state: 'ok',
      summary: 'Docker 27.1.0, image slipway-sandbox:local',
      cause: null,
      fix: null,
    })
  })

  test('answers without the image', async () => {
    const socket = await daemon(404)
    expect(await docker(hostWith({ userId: 1000 }), { ...nowhere, dockerSocket: socket })).toMatchObject({
      summary: 'the sandbox image slipway-sandbox:local is missing',
      fix: 'sudo deploy/sandbox-image/build slipway-sandbox:local',
    })
  })

  test('is not installed', async () => {
    const host = { ...openHost(await pathWith({})), ...files({}), look: async () => null, userId: 1000 }
    expect(await docker(host, nowhere)).toMatchObject({ summary: 'Docker is not installed', fix: 'sudo apt-get install docker.io' })
  })

  test('is installed and does not run', async () => {
    const host = {
      ...openHost(await pathWith({ dockerd: 'exit 1' })),
      userId: 1000,
      look: async (path: string) => (path === '/run/systemd/system' ? { kind: 'directory' as const, ownerId: 0, mode: 0o755 } : null),
    }
    expect(await docker(host, nowhere)).toMatchObject({
      summary: 'the Docker daemon does not run',
      fix: 'sudo systemctl enable --now docker',
    })
  })

  test('left a socket behind that nobody answers', async () => {
    const socket = join(await temporaryFolder(), 'docker.sock')
    await writeFile(socket, '')
    expect(await docker(hostWith({}), { ...nowhere, dockerSocket: socket })).toMatchObject({
      summary: 'the Docker daemon does not run',
      cause: `${socket} does not answer (ECONNREFUSED).`,
    })
  })

  test('is not for this user', async () => {
    const host = hostWith({ getFromSocket: async () => ({ ok: false, code: 'EACCES' }) })
    expect(await docker(host, nowhere)).toMatchObject({
      summary: 'the Docker daemon may not be used',
      fix: expect.stringContaining('usermod -aG docker'),
    })
  })
})

describe('together', () => {
  test('one backend is enough', async () => {
    expect(states(await checkSandboxes(hostWith({}), nowhere, null))).toEqual({ bubblewrap: 'ok', docker: 'warn' })
  })

  test('the backend that was asked for is not made up for by the other', async () => {
    expect(states(await checkSandboxes(hostWith({}), { ...nowhere, backend: 'docker' }, null))).toEqual({
      bubblewrap: 'ok',
      docker: 'fail',
    })
  })

  test('none at all fails', async () => {
    const host = { ...openHost(await pathWith({})), ...files({}) }
    expect(states(await checkSandboxes(host, nowhere, null))).toEqual({ bubblewrap: 'fail', docker: 'fail' })
  })

  test('a failed self-test fails, and says what to do', async () => {
    const selfTest: SelfTest = {
      ok: false,
      backend: 'bubblewrap',
      findings: [{ name: 'proc-sys', ok: false, message: '/proc/sys can be written.', fix: 'Start Slipway as an ordinary user.' }],
    }
    const [finding] = await checkSandboxes(hostWith({}), nowhere, [selfTest])
    expect(finding).toMatchObject({
      state: 'fail',
      cause: 'proc-sys: /proc/sys can be written.',
      fix: 'Start Slipway as an ordinary user.',
    })
  })

  test('commands without isolation are pointed out', async () => {
    expect(states(await checkSandboxes(hostWith({}), { ...nowhere, allowUnsafeProcess: true }, null))).toMatchObject({ process: 'warn' })
  })
})

async function bubblewrap(host: Host) {
  return (await checkSandboxes(host, nowhere, null)).find(({ name }) => name === 'bubblewrap')
}

/** Judged as if Docker were wanted, so that a failure is not softened by a working bubblewrap. */
async function docker(host: Host, wish: SandboxWish) {
  return (await checkSandboxes(host, { ...wish, backend: 'docker' }, null)).find(({ name }) => name === 'docker')
}

async function stoppedBubblewrap(): Promise<Host> {
  const path = await pathWith({
    bwrap: 'if [ "$1" = --version ]; then echo bubblewrap 0.8.0; else echo "bwrap: No permissions to create new namespace" >&2; exit 1; fi',
  })
  return openHost(path)
}

function daemon(imageStatus: number): Promise<string> {
  return serveOnSocket((request, response) => {
    if (request.url === '/version') return response.end(JSON.stringify({ Version: '27.1.0' }))
    response.statusCode = request.url === '/images/slipway-sandbox%3Alocal/json' ? imageStatus : 500
    response.end('{}')
  })
}

function states(findings: { name: string; state: string }[]) {
  return Object.fromEntries(findings.map(({ name, state }) => [name, state]))
}

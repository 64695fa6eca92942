// Whether a daemon answers, has the image, and confines what we run in it.

import type { SelfTest } from '@slipway/core/ports'
import type { Backend } from '../backend.ts'
import { type Finding, probeSandbox } from '../self-test/probe.ts'
import { type DockerApi, DockerError } from './api.ts'

const BUILD = 'Run `deploy/sandbox-image/build` as root, or name another image in SLIPWAY_SANDBOX_IMAGE.'

/** Findings of daemon, image and walls. */
export async function dockerSelfTest(input: {
  api: DockerApi
  backend: Backend
  image: string
  runtime: string | null
}): Promise<SelfTest> {
  const findings = await prerequisites(input)
  if (findings.every((finding) => finding.ok)) findings.push(...(await probeSandbox(input.backend, explainDocker)))
  return { ok: findings.every((finding) => finding.ok), backend: 'docker', findings }
}

async function prerequisites(input: { api: DockerApi; image: string; runtime: string | null }): Promise<Finding[]> {
  try {
    const info = (await input.api.call('GET', '/info', undefined, { timeoutMs: 5_000 })) as {
      ServerVersion?: string
      SecurityOptions?: string[]
      Runtimes?: Record<string, unknown>
    }
    const hasSeccomp = (info.SecurityOptions ?? []).some((option) => option.includes('seccomp'))
    const hasRuntime = input.runtime === null || input.runtime in (info.Runtimes ?? {})
    const hasImage = await input.api.call('GET', `/images/${input.image}/json`).then(
      () => true,
      () => false,
    )
    return [
      { name: 'daemon', ok: true, message: `Docker ${info.ServerVersion} answers`, fix: '' },
      {
        name: 'daemon-seccomp',
        ok: hasSeccomp,
        message: hasSeccomp ? 'the daemon can filter system calls' : 'the daemon cannot filter system calls',
        fix: hasSeccomp ? '' : 'Use a Docker built with seccomp on a kernel that has it.',
      },
      {
        name: 'runtime',
        ok: hasRuntime,
        message:
          input.runtime === null ? 'default runtime' : `runtime ${input.runtime} ${hasRuntime ? 'is there' : 'is not known to the daemon'}`,
        fix: hasRuntime
          ? ''
          : "Install the runtime and name it in the daemon's configuration, or use the default one: `unset SLIPWAY_DOCKER_RUNTIME`",
      },
      {
        name: 'image',
        ok: hasImage,
        message: hasImage ? `image ${input.image} is there` : `image ${input.image} is missing`,
        fix: hasImage ? '' : BUILD,
      },
    ]
  } catch (error) {
    return [{ name: 'daemon', ok: false, message: error instanceof Error ? error.message : String(error), fix: daemonFix(error) }]
  }
}

function daemonFix(error: unknown): string {
  const cause = error instanceof DockerError ? (error.cause as NodeJS.ErrnoException | undefined) : undefined
  if (cause?.code === 'EACCES')
    return 'Let this user use Docker (`usermod -aG docker <user>`, then sign in again), or use the bubblewrap backend.'
  return 'Start the Docker daemon, or use the bubblewrap backend.'
}

/** What to do about the daemon's words when a container does not come up. */
export function explainDocker(errors: string): { message: string; fix: string } {
  if (/libstdc\+\+|GLIBC|no such file or directory.*node|exec format/i.test(errors))
    return { message: `our Node does not run in the image (${errors.slice(0, 300)})`, fix: `The image needs glibc and libstdc++. ${BUILD}` }
  if (/docker-init|init binary/i.test(errors)) return { message: 'the daemon has no init program', fix: 'Install tini or docker-init.' }
  if (/bind source path does not exist|mounts denied|not shared/i.test(errors))
    return {
      message: `the daemon does not see our files (${errors.slice(0, 300)})`,
      fix: 'The daemon must run on this machine and see SLIPWAY_HOME; use the bubblewrap backend otherwise.',
    }
  return { message: errors.slice(0, 500), fix: `${BUILD} The daemon's log may tell more.` }
}

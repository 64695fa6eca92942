// What a sandbox container may and may not have. The daemon's socket is never among the mounts.

import type { SandboxLimits } from '@slipway/core/ports'
import { dockerSeccompProfile } from '../seccomp/docker-profile.ts'

const MIB = 1024 * 1024

export interface ContainerMount {
  type: 'bind' | 'volume'
  from: string
  to: string
  access: 'read-only' | 'writable'
}

export interface ContainerInput {
  image: string
  runtime: string | null
  labels: Record<string, string>
  mounts: ContainerMount[]
  limits: SandboxLimits
  environment: Record<string, string>
  argv: string[]
}

const SECCOMP = JSON.stringify(dockerSeccompProfile())

/** The body of `POST /containers/create`. */
export function containerConfig(input: ContainerInput): Record<string, unknown> {
  const temporary = Math.floor(Math.max(16 * MIB, Math.min(input.limits.memoryBytes / 2, input.limits.diskBytes)))
  const tmpfs = (mode: string): string => `rw,exec,nosuid,nodev,size=${temporary},mode=${mode}`
  return {
    Image: input.image,
    Entrypoint: [],
    Cmd: input.argv,
    User: '1000:1000',
    WorkingDir: '/work',
    Hostname: 'slipway',
    Env: Object.entries(input.environment).map(([name, value]) => `${name}=${value}`),
    Labels: input.labels,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges:true', `seccomp=${SECCOMP}`],
      Init: true,
      AutoRemove: true,
      IpcMode: 'private',
      Memory: Math.floor(input.limits.memoryBytes),
      MemorySwap: Math.floor(input.limits.memoryBytes),
      PidsLimit: input.limits.processes,
      NanoCpus: Math.round(input.limits.cpus * 1e9),
      ShmSize: Math.min(temporary, 64 * MIB),
      Ulimits: [
        // See `limited` in bubblewrap/spawn.ts.
        { Name: 'core', Soft: 1, Hard: 1 },
        { Name: 'fsize', Soft: input.limits.diskBytes, Hard: input.limits.diskBytes },
      ],
      Tmpfs: { '/tmp': tmpfs('1777'), '/home/agent': `${tmpfs('0700')},uid=1000,gid=1000` },
      LogConfig: { Type: 'none', Config: {} },
      Mounts: input.mounts.map((mount) => ({
        Type: mount.type,
        Source: mount.from,
        Target: mount.to,
        ReadOnly: mount.access === 'read-only',
      })),
      ...(input.runtime ? { Runtime: input.runtime } : {}),
    },
  }
}

// What an installation can set about sandboxes. Read once, where the program starts.

export interface SandboxSettings {
  /** Docker image that holds the tools of the work: SLIPWAY_SANDBOX_IMAGE. */
  image: string
  /** SLIPWAY_DOCKER_SOCKET, or DOCKER_HOST when that is a unix socket. */
  dockerSocket: string
  /** Docker runtime such as `runsc`: SLIPWAY_DOCKER_RUNTIME. */
  dockerRuntime: string | null
  /** Who sandboxes are for the host when it runs as root: SLIPWAY_SANDBOX_UID. */
  uid: number
  /** `host:port` pairs that the proxy may reach although their address is private: SLIPWAY_EGRESS_ALLOW_PRIVATE. */
  allowPrivate: string[]
  /** SLIPWAY_UNSAFE_PROCESS_SANDBOX=1: commands run unconfined, as the user who runs Slipway. */
  allowUnsafeProcess: boolean
  /** Where sandbox files live when the host is root; a directory that the sandbox user can reach: SLIPWAY_SANDBOX_STATE. */
  stateDirectory: string | null
}

const DEFAULT_UID = 64321

/** Settings from environment variables. Throws with the variable's name when one is malformed. */
export function sandboxSettings(environment: Record<string, string | undefined>): SandboxSettings {
  return {
    image: environment['SLIPWAY_SANDBOX_IMAGE'] || 'slipway-sandbox:local',
    dockerSocket: dockerSocket(environment),
    dockerRuntime: environment['SLIPWAY_DOCKER_RUNTIME'] || null,
    uid: uid(environment['SLIPWAY_SANDBOX_UID']),
    allowPrivate: (environment['SLIPWAY_EGRESS_ALLOW_PRIVATE'] ?? '')
      .split(',')
      .map((entry) => entry.trim())
      .filter(Boolean),
    allowUnsafeProcess: environment['SLIPWAY_UNSAFE_PROCESS_SANDBOX'] === '1',
    stateDirectory: environment['SLIPWAY_SANDBOX_STATE'] || null,
  }
}

function dockerSocket(environment: Record<string, string | undefined>): string {
  if (environment['SLIPWAY_DOCKER_SOCKET']) return environment['SLIPWAY_DOCKER_SOCKET']
  const host = environment['DOCKER_HOST'] ?? ''
  return host.startsWith('unix://') ? host.slice('unix://'.length) : '/var/run/docker.sock'
}

function uid(text: string | undefined): number {
  if (!text) return DEFAULT_UID
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 0x7fffffff)
    throw new Error(`SLIPWAY_SANDBOX_UID must be a number above 0, not ${JSON.stringify(text)}`)
  return value
}

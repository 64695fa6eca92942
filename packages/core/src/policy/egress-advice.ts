// What to do about a connection out of a sandbox that was refused. Which list counts depends on who asked.

/** `preview`: the application under work, shown to its person; it runs under the rules of the agent. */
export type EgressPhase = 'setup' | 'agent' | 'verification' | 'preview'

/** A sentence with its settings between backticks; null where no setting lets the connection through. */
export function egressAdvice(phase: EgressPhase, reason: string): string | null {
  if (reason === 'blocked-address')
    return 'A private address is reached only when an administrator also names the host with its port in `SLIPWAY_EGRESS_ALLOW_PRIVATE`.'
  if (reason === 'upload-limit') return 'How much one sandbox may send is set by an administrator in `SLIPWAY_EGRESS_UPLOAD_MB`.'
  if (reason !== 'not-allowed') return null
  switch (phase) {
    case 'setup':
      return 'For the set-up that a session begins with, name the host under `allow_hosts` in `.slipway/environment.yaml` of the repository; where `SLIPWAY_EGRESS_SETUP_ALLOW` is set on the server, it counts instead. A set-up that an agent wrote has no network.'
    case 'agent':
      return 'Commands of the agent reach only what an administrator names in `SLIPWAY_EGRESS_ALLOW` on the server; `allow_hosts` of the repository counts for the set-up alone.'
    case 'preview':
      return 'A preview reaches only what an administrator names in `SLIPWAY_EGRESS_ALLOW` on the server; `allow_hosts` of the repository counts for the set-up alone.'
    case 'verification':
      return 'A verification has no network, and no setting gives it one: what its checks need has to come with the set-up.'
  }
}

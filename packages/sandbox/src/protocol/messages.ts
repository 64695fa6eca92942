// What the host and the runner say to each other. `id` names one command or one call; bytes ride behind the JSON.

/** Bytes of a command's output, or input, that may be under way unacknowledged: the bound on memory for a stream. */
export const STREAM_WINDOW = 256 * 1024
/** What a piece of output counts for besides its bytes, so that the window bounds empty and tiny pieces too. */
export const PIECE_COST = 64

/** Tells a runner that processes of others are in sight of it: it has no namespace of its own. */
export const AMONG_OTHERS = 'among-others'

export type Operation = 'read' | 'write' | 'list' | 'search' | 'usage' | 'oom-kills' | 'fingerprint' | 'ports'

export type ToRunner =
  | { t: 'exec'; id: number; argv: string[]; cwd: string; env: Record<string, string>; input: boolean }
  /** Opens a connection to a port on the sandbox's loopback. From then on it is like a command: in, in-end, ack, kill. */
  | { t: 'connect'; id: number; port: number }
  /** Input of a command or a connection; the bytes follow. */
  | { t: 'in'; id: number }
  | { t: 'in-end'; id: number }
  /** The host has consumed output worth `n`: its bytes and the cost of each piece. */
  | { t: 'ack'; id: number; n: number }
  | { t: 'kill'; id: number }
  | { t: 'call'; id: number; op: Operation; args: Record<string, unknown> }
  | { t: 'cancel'; id: number }

export type FromRunner =
  | { t: 'ready'; facts: RunnerFacts }
  /** Output of a command: s 1 is stdout, 2 stderr; the bytes follow. */
  | { t: 'out'; id: number; s: 1 | 2 }
  /** Only for a connection: it stands; without it, its exit means that it was refused. */
  | { t: 'connected'; id: number }
  /** Only for a connection: the other side sends nothing more, but may still read. */
  | { t: 'out-end'; id: number }
  | { t: 'in-ack'; id: number; n: number }
  | { t: 'exit'; id: number; code: number | null; signal: string | null }
  | { t: 'reply'; id: number; result: Record<string, unknown> }

/** What the runner sees of its own confinement; read by the self-test. */
export interface RunnerFacts {
  uid: number
  noNewPrivileges: string
  seccomp: string
  effectiveCapabilities: string
  boundingCapabilities: string
}

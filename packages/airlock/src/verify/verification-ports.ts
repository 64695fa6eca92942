// What a verification needs from outside the airlock, handed in where the program is put together.

import type { Receipt, RepositoryRef } from '@slipway/core/events'
import type { Sandbox } from '@slipway/core/ports'

/** Brings a fresh work tree to where checks can run: packages installed, tools there. May change the sandbox's egress; the verification resets it. */
export type RunSetup = (
  sandbox: Sandbox,
  input: { repository: RepositoryRef; sessionId: string; oid: string; signal: AbortSignal; onOutput(text: string): void },
) => Promise<{ ok: boolean; steps: Receipt[] }>

/** The commands that check a commit, from its files. `readFile` reads that commit (null: no such file), `listFiles` names its files, at most `limit`. */
export type FindChecks = (input: {
  repository: RepositoryRef
  oid: string
  readFile(path: string): Promise<string | null>
  listFiles(limit: number): Promise<string[]>
}) => Promise<string[]>

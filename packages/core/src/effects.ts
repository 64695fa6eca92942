// What leaves the sandbox. An effect is described before it happens, and a person's approval is bound to that description's hash.

export type EffectKind = 'push' | 'change-request' | 'comment' | 'deploy' | 'spend' | 'create-repository'

export interface EffectDescription {
  kind: EffectKind
  /** One line a person can decide on. */
  title: string
  /** The facts that the hash covers, in a fixed order: destination, branch, commit, title … */
  details: [name: string, value: string][]
  /** Why a person is asked. */
  reason: string
  /** How it can be undone, or that it cannot. */
  reversible: string
  /** SHA-256 over kind and details. */
  hash: string
}

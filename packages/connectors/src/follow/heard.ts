// What a delivery of either forge tells, as far as anything follows from it.

export type Heard =
  /** Something happened to a change request, or at a commit: whoever follows it looks at once. */
  | { kind: 'change-request'; slug: string; number: number | null }
  /** Something was done to an issue that may be a reason to begin. */
  | {
      kind: 'issue'
      slug: string
      number: number
      by: { login: string; isBot: boolean }
      /** Given just now, or there when it was opened. */
      labels: string[]
      assignees: string[]
      comment: HeardComment | null
    }
  | { kind: 'nothing' }

export interface HeardComment {
  id: string
  ref: string
  text: string
  url: string | null
}

export const nothing: Heard = { kind: 'nothing' }

// What people and machines say on a forge's double: issues, comments, reactions, checks with logs, and who may write.

interface TalkIssue {
  number: number
  title: string
  body: string
  author: string
  labels: string[]
  assignees: string[]
  state: 'open' | 'closed'
}

export interface TalkComment {
  id: number
  on: { kind: 'issue' | 'change-request'; number: number }
  author: string
  isBot: boolean
  body: string
  /** In the code. */
  place: { path: string; line: number } | null
  /** The comment that began the thread. */
  inReplyTo: number | null
}

interface TalkReaction {
  on: { kind: 'issue' | 'change-request'; number: number }
  commentId: number | null
  author: string
  name: string
}

interface TalkCheck {
  id: number
  oid: string
  name: string
  state: 'pending' | 'passed' | 'failed'
  /** null: a check from elsewhere, without a log of its own. */
  log: string | null
}

export interface Talk {
  issues: TalkIssue[]
  comments: TalkComment[]
  reactions: TalkReaction[]
  checks: TalkCheck[]
  /** Besides whoever has a token that may. */
  writers: Set<string>
  /** Numbers of change requests that cannot be merged. */
  conflicting: Set<number>
}

export function createTalk(): Talk {
  return { issues: [], comments: [], reactions: [], checks: [], writers: new Set(), conflicting: new Set() }
}

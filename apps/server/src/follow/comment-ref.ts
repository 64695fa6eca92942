// How a comment is named in the log: enough to answer it, years later, without asking where it was.

import type { ForgeComment, Subject } from '@slipway/connectors/follow/forge-watch'

export interface CommentPlace {
  kind: Subject['kind']
  number: number
  thread: string | null
}

export function refOf({ kind, number }: Pick<Subject, 'kind' | 'number'>, { ref, thread }: Pick<ForgeComment, 'ref' | 'thread'>): string {
  return [`${kind}/${number}`, ref, ...(thread === null ? [] : [thread])].join(' ')
}

/** null: it was named by something else. */
export function placeOfRef(ref: string): CommentPlace | null {
  const [, kind, number, thread] = /^(issue|change-request)\/(\d{1,9}) \S+(?: (\S+))?$/.exec(ref) ?? []
  if (kind === undefined) return null
  return { kind: kind === 'issue' ? 'issue' : 'change-request', number: Number(number), thread: thread ?? null }
}

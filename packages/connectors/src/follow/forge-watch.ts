// What is looked at and said about a change request or an issue after Slipway has begun with it, the same on each forge.

import type { ForgeFailure } from '@slipway/core/ports'
import type { ReportedCheck } from '@slipway/core/events'

export type Watched<Value> = { ok: true; value: Value } | ForgeFailure

export interface WatchedChange {
  state: 'open' | 'merged' | 'closed'
  headOid: string
  base: string
  /** null: the forge does not say. */
  baseOid: string | null
  /** null: the forge has not found out yet. */
  hasConflict: boolean | null
}

export interface WatchedCheck {
  name: string
  state: ReportedCheck['state']
  url: string | null
  /** Names the log for `readLog`; null: it has none that can be read. */
  logRef: string | null
  /** What the check itself says about its outcome. */
  summary: string
}

export interface ForgeComment {
  /** Unique on all forges; stands in the log. */
  ref: string
  author: string
  /** An application's, not a person's. */
  isBot: boolean
  text: string
  url: string | null
  place: { path: string; line: number | null } | null
  /** Where a reply belongs; null: among the comments of the whole. */
  thread: string | null
}

/** An issue or a change request; a comment of it where one is meant. */
export interface Subject {
  slug: string
  number: number
  kind: 'issue' | 'change-request'
}

export interface WatchedIssue {
  title: string
  text: string
  author: string
  url: string
  isOpen: boolean
}

/** One person's view of one forge. No call is repeated by itself; each ends within its deadline or with the signal. */
export interface ForgeWatch {
  /** Whether the account may write to the repository; a repository that it may not see is `not-found`. */
  canWrite(slug: string, signal: AbortSignal): Promise<Watched<boolean>>
  /** Whether somebody else may. */
  mayWrite(input: { slug: string; login: string }, signal: AbortSignal): Promise<Watched<boolean>>
  readIssue(input: { slug: string; number: number }, signal: AbortSignal): Promise<Watched<WatchedIssue>>
  readChange(input: { slug: string; number: number }, signal: AbortSignal): Promise<Watched<WatchedChange>>
  /** The newest run of each check at a commit. */
  readChecks(input: { slug: string; oid: string }, signal: AbortSignal): Promise<Watched<WatchedCheck[]>>
  /** Its end, where it is very long. */
  readLog(input: { slug: string; logRef: string }, signal: AbortSignal): Promise<Watched<string>>
  /** Of a change request everything that people wrote to it, of an issue its comments; oldest first in each thread. */
  readComments(subject: Subject, signal: AbortSignal): Promise<Watched<ForgeComment[]>>
  /** Shows eyes at it, or at one of its comments; doing it twice shows one. */
  react(subject: Subject & { commentId: string | null }, signal: AbortSignal): Promise<Watched<null>>
  /** Never repeated by itself: look for a mark in the text before doing it again. */
  say(subject: Subject & { thread: string | null; text: string }, signal: AbortSignal): Promise<Watched<{ url: string | null }>>
}

/** The sign of what Slipway itself wrote; invisible where it is shown. */
export function markOf(key: string): string {
  return `<!-- slipway:${key.replace(/[^\w.:/#-]/g, '')} -->`
}

export function isOwnWord(text: string): boolean {
  return text.includes('<!-- slipway:')
}

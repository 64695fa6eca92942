// Comments on lines of a diff, collected until they go with the next message. One list for each session, kept in this browser.

import { readStored, store } from '../stored/local.ts'

export interface LineComment {
  id: string
  path: string
  line: number
  /** Which version of the file the line belongs to. */
  side: 'old' | 'new'
  text: string
}

/** A comment that somebody is still writing. */
type CommentDraft = Pick<LineComment, 'line' | 'side' | 'text'>

export interface CommentsStore {
  add(comment: Omit<LineComment, 'id'>): void
  remove(id: string): void
  clear(): void
  /** What is being written on a file: it leaves the page when the file scrolls away, and must come back. */
  draftOf(path: string): CommentDraft | null
  /** null forgets it. */
  keepDraft(path: string, draft: CommentDraft | null): void
  /** The same array until something changes. */
  list(): readonly LineComment[]
  subscribe(listener: () => void): () => void
}

const opened = new Map<string, CommentsStore>()

/** The one list of a session in this page. */
export function commentsOf(sessionId: string): CommentsStore {
  const found = opened.get(sessionId) ?? openComments(`comments.${sessionId}`)
  opened.set(sessionId, found)
  return found
}

function openComments(key: string): CommentsStore {
  let comments = parse(readStored(key))
  const drafts = new Map<string, CommentDraft>()
  const listeners = new Set<() => void>()

  function set(next: readonly LineComment[]): void {
    comments = next
    store(key, next.length === 0 ? null : JSON.stringify(next))
    listeners.forEach((listener) => listener())
  }

  return {
    add: (comment) => set([...comments, { ...comment, id: crypto.randomUUID() }]),
    remove: (id) => set(comments.filter((comment) => comment.id !== id)),
    clear: () => set([]),
    draftOf: (path) => drafts.get(path) ?? null,
    keepDraft: (path, draft) => void (draft === null ? drafts.delete(path) : drafts.set(path, draft)),
    list: () => comments,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function parse(text: string | null): readonly LineComment[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter(isComment) : []
  } catch {
    return []
  }
}

function isComment(value: unknown): value is LineComment {
  if (typeof value !== 'object' || value === null) return false
  const comment = value as Partial<Record<keyof LineComment, unknown>>
  return (
    typeof comment.id === 'string' &&
    typeof comment.path === 'string' &&
    typeof comment.line === 'number' &&
    (comment.side === 'old' || comment.side === 'new') &&
    typeof comment.text === 'string'
  )
}

/** The message with the comments before it, as quotes that name file and line. */
export function withComments(text: string, comments: readonly LineComment[]): string {
  const notes = comments.map(({ path, line, side, text: note }) => {
    const where = `${path}:${line}${side === 'old' ? ' (before the change)' : ''}`
    return `> ${where}\n${note.trim()}`
  })
  return [...notes, text.trim()].filter((part) => part !== '').join('\n\n')
}

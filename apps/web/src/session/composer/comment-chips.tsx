'use client'

import { MessageSquarePlus, X } from 'lucide-react'
import { commentsOf } from '../comments-store.ts'
import { useComments, useSessionStore } from '../session-hooks.ts'

/** Comments on lines that go with the next message. */
export function CommentChips() {
  const { sessionId } = useSessionStore()
  const comments = useComments()
  if (comments.length === 0) return null
  return (
    <ul
      aria-label="Comments that go with the message"
      className="flex max-h-28 flex-col gap-1 overflow-y-auto border-b border-separator px-3 py-2"
    >
      {comments.map((comment) => (
        <li key={comment.id} className="flex items-center gap-2 text-xs">
          <MessageSquarePlus aria-hidden className="size-3.5 shrink-0 text-muted" />
          <span className="shrink-0 font-mono">
            {comment.path.split('/').at(-1)}:{comment.line}
          </span>
          <span className="min-w-0 flex-1 truncate text-muted">{comment.text}</span>
          <button
            type="button"
            aria-label={`Remove the comment on ${comment.path}:${comment.line}`}
            className="flex size-6 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground"
            onClick={() => commentsOf(sessionId).remove(comment.id)}
          >
            <X aria-hidden className="size-3.5" />
          </button>
        </li>
      ))}
    </ul>
  )
}

'use client'

import { MessageSquare, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Button } from '../../controls/button.tsx'
import type { LineComment } from '../comments-store.ts'

interface CommentBoxProps {
  label: string
  /** What was written before the box scrolled away; empty in a new one. */
  draft: string
  onDraft(text: string): void
  onAdd(text: string): void
  onCancel(): void
}

/** Where a comment on a line is written. Ctrl or ⌘ with Enter adds it, Escape leaves. */
export function CommentBox({ label, draft, onDraft, onAdd, onCancel }: CommentBoxProps) {
  const [text, setText] = useState(draft)
  const isNew = useRef(draft === '')
  const field = useRef<HTMLTextAreaElement>(null)
  // The place is drawn a moment before it is put between the lines.
  useEffect(() => {
    if (!isNew.current) return
    const frame = requestAnimationFrame(() => field.current?.focus({ preventScroll: true }))
    return () => cancelAnimationFrame(frame)
  }, [])
  const add = (): void => {
    if (text.trim() !== '') onAdd(text.trim())
  }
  return (
    <div className="border-y border-border bg-surface p-2 font-sans text-sm whitespace-normal">
      <textarea
        ref={field}
        aria-label={label}
        value={text}
        rows={3}
        placeholder="What should be different here? It goes with your next message."
        onChange={({ target }) => {
          setText(target.value)
          onDraft(target.value)
        }}
        onKeyDown={(event) => {
          event.stopPropagation()
          if (event.key === 'Escape') onCancel()
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) add()
        }}
        className="w-full max-w-2xl resize-y rounded-md border border-field-border bg-field px-2 py-1.5 text-sm placeholder:text-field-placeholder"
      />
      <div className="mt-1.5 flex gap-2">
        <Button size="sm" variant="primary" disabled={text.trim() === ''} onClick={add}>
          Add comment
        </Button>
        <Button size="sm" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </div>
  )
}

/** A comment that waits for the next message. */
export function CommentNote({ comment, onRemove }: { comment: LineComment; onRemove: (() => void) | null }) {
  return (
    <div className="flex items-start gap-2 border-y border-border bg-surface px-3 py-2 font-sans text-sm whitespace-normal">
      <MessageSquare aria-hidden className="mt-0.5 size-3.5 shrink-0 text-accent-text" />
      <p className="min-w-0 flex-1 break-words whitespace-pre-wrap">{comment.text}</p>
      {onRemove !== null && (
        <button
          type="button"
          aria-label={`Remove the comment on line ${comment.line}`}
          onClick={onRemove}
          className="flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  )
}

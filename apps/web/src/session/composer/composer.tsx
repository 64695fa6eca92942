'use client'

import { Button } from '../../controls/button.tsx'
import { ArrowUp, Clock, Play, Square } from 'lucide-react'
import { useId, useRef, type KeyboardEvent } from 'react'
import { ErrorLine } from '../../states/error-state.tsx'
import { ModeChip } from '../../composer/mode-chip.tsx'
import { commentsOf, withComments } from '../comments-store.ts'
import { useMode } from '../mode/use-mode.ts'
import { useComments, useSessionStore, useSessionView } from '../session-hooks.ts'
import { canDo } from './can-do.ts'
import { CommentChips } from './comment-chips.tsx'
import { useDraft } from './draft.ts'
import { useActions } from './use-actions.ts'

/** What a person says next. Enter sends, Alt+Enter lets it wait until the agent rests, Shift+Enter breaks the line. */
export function Composer() {
  const { sessionId } = useSessionStore()
  const view = useSessionView().data
  const comments = useComments()
  const { text: draft, change, leave } = useDraft(sessionId)
  const { send, stop, resume } = useActions()
  const { mode, choose } = useMode()
  const can = canDo(view)
  // As an answer a message would decline, and the card has a button for that.
  const onlyQueues = view?.ask?.kind === 'approval'
  const hintId = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const isEmpty = draft.trim() === '' && comments.length === 0

  function submit(mode: 'steer' | 'queue'): void {
    if (isEmpty) return
    const sent = send.mutateAsync({ text: withComments(draft, comments), mode })
    const collected = commentsOf(sessionId)
    collected.clear()
    sent.catch(() => comments.forEach(collected.add))
    leave(sent)
    field.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit(onlyQueues || (event.altKey && can.isWorking) ? 'queue' : 'steer')
  }

  const problem = send.error ?? stop.error ?? resume.error
  return (
    <div className="mx-auto w-full max-w-3xl px-3 pb-3 sm:px-5">
      {problem !== null && (
        <div className="pb-2">
          <ErrorLine error={problem} />
        </div>
      )}
      <div className="rounded-lg border border-field-border bg-field focus-within:border-border-strong">
        <CommentChips />
        <textarea
          ref={field}
          aria-label="Message to the agent"
          aria-describedby={hintId}
          rows={1}
          value={draft}
          maxLength={100_000}
          placeholder={can.hint}
          className="field-sizing-content block max-h-60 min-h-10 w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-base outline-none placeholder:text-field-placeholder"
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="flex items-center gap-1.5 px-2 pb-2">
          {mode !== null && <ModeChip isShort value={mode} onChoose={choose} />}
          {/* One line high: what has no room beside the first wraps out of sight, whole. */}
          <p
            id={hintId}
            title={can.keys.join(', ')}
            className="hidden h-4 min-w-0 flex-1 flex-wrap gap-x-3 overflow-hidden px-1 text-xs text-muted sm:flex"
          >
            {(send.isPending ? ['Sending …'] : can.keys).map((key) => (
              <span key={key} className="max-w-full truncate">
                {key}
              </span>
            ))}
          </p>
          <span className="flex-1 sm:hidden" />
          {can.canResume && (
            <Button size="sm" variant="secondary" disabled={resume.isPending} onClick={() => resume.mutate()}>
              <Play aria-hidden /> Resume
            </Button>
          )}
          <StopButton why={stop.isPending ? 'It is being stopped' : can.whyNoStop} onStop={() => stop.mutate()} />
          {can.isWorking && (
            <Button
              size="sm"
              variant="secondary"
              title="It is read when the agent rests"
              disabled={isEmpty}
              onClick={() => submit('queue')}
            >
              <Clock aria-hidden /> Queue
            </Button>
          )}
          {!onlyQueues && (
            <Button variant={view?.ask == null ? 'primary' : 'secondary'} size="sm" disabled={isEmpty} onClick={() => submit('steer')}>
              <ArrowUp aria-hidden /> {can.isWorking ? 'Steer' : 'Send'}
            </Button>
          )}
        </div>
      </div>
    </div>
  )
}

/** Always there. What it cannot do now it says, so it stays reachable by keyboard. */
function StopButton({ why, onStop }: { why: string | null; onStop: () => void }) {
  return (
    <button
      type="button"
      aria-disabled={why !== null}
      title={why ?? 'Stop the agent; the session and its work stay'}
      className="flex h-7 items-center gap-1.5 rounded-md border border-field-border px-2 text-sm hover:bg-danger-soft hover:text-danger-text aria-disabled:cursor-default aria-disabled:bg-transparent aria-disabled:text-muted aria-disabled:opacity-60"
      onClick={() => why === null && onStop()}
    >
      <Square aria-hidden className="size-3 fill-current" />
      Stop
      {why !== null && <span className="sr-only">. {why}</span>}
    </button>
  )
}

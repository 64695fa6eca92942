'use client'

import { CircleStop, Hourglass, Loader, TriangleAlert } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Button } from '../../controls/button.tsx'
import { formatClock } from '../../format/date.ts'
import { ErrorLine } from '../../states/error-state.tsx'
import { useSessionAccess } from '../session-hooks.ts'
import { plainOutput } from '../terminal/clean-output.ts'
import { StartForm } from './start-form.tsx'
import { type Local, usePreviewActions } from './use-previews.ts'

const TITLES: Record<Local['state'], string> = {
  starting: 'The preview is starting',
  waiting: 'The preview waits for the agent',
  ready: 'The application listens no more',
  failed: 'The preview could not run',
  ended: 'The preview has ended',
}
/** As the server calls it when a person named the command. */
const PERSON = 'a person'
const ICONS = { starting: Loader, waiting: Hourglass, ready: Hourglass, failed: TriangleAlert, ended: CircleStop }

/** The local preview while there is nothing of it to look at: what it waits for, or why it does not run. */
export function LocalStatus({ local }: { local: Local }) {
  const { may } = useSessionAccess()
  const { state, command, origin, waitsFor, deadlineAt, reason } = local
  const Icon = ICONS[state]
  const isOver = state === 'failed' || state === 'ended'
  // The command that serves plain pages is the server's own.
  const isPage = origin?.endsWith('.html') ?? false
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div role="status" className="flex shrink-0 flex-col items-center px-6 pt-10 pb-6 text-center">
        <Icon
          aria-hidden
          strokeWidth={1.5}
          className={`mb-3 size-5 ${state === 'failed' ? 'text-danger-text' : 'text-muted'} ${state === 'starting' ? 'motion-safe:animate-spin' : ''}`}
        />
        <p className="font-medium">{TITLES[state]}</p>
        <p className="mt-1 max-w-md text-sm break-words text-muted">
          {isOver ? reason : waitsFor !== null && sayWait(waitsFor, deadlineAt)}
        </p>
        {command !== null && (
          <p className="mt-2 max-w-full text-xs text-muted">
            <code className="font-mono break-all">{isPage ? origin : command}</code>
            {origin !== null && origin !== PERSON && !isPage && `, from ${origin}`}
          </p>
        )}
        {may === 'act' && (
          <div className="mt-4 flex w-full justify-center">
            {isOver ? (
              <StartForm key={local.startedAt} label="Start again" command={origin === PERSON ? (command ?? '') : ''} />
            ) : (
              <StopButton />
            )}
          </div>
        )}
      </div>
      <Printed text={local.tail} />
    </div>
  )
}

function StopButton() {
  const { stop } = usePreviewActions()
  return (
    <div className="flex flex-col items-center gap-2">
      <Button size="sm" disabled={stop.isPending} onClick={() => stop.mutate()}>
        <CircleStop aria-hidden className="size-3.5" />
        Stop preview
      </Button>
      {stop.isError && <ErrorLine error={stop.error} />}
    </div>
  )
}

function sayWait(waitsFor: string, deadlineAt: string | null): string {
  const what = waitsFor.charAt(0).toUpperCase() + waitsFor.slice(1)
  return deadlineAt === null ? `${what}.` : `${what}, until ${formatClock(deadlineAt)} at the latest.`
}

function Printed({ text }: { text: string }) {
  const place = useRef<HTMLPreElement>(null)
  const plain = plainOutput(text).trimEnd()
  // What was printed last tells most.
  useEffect(() => {
    // Some browsers return a promise, which must not be taken for a clean-up.
    void place.current?.scrollTo({ top: place.current.scrollHeight })
  }, [plain])
  if (plain === '') return null
  return (
    <pre
      ref={place}
      tabIndex={0}
      role="log"
      aria-label="What the command printed"
      className="min-h-24 flex-1 overflow-auto border-t border-separator bg-default px-3 py-2 font-mono text-xs whitespace-pre-wrap outline-offset-[-2px]"
    >
      {plain}
    </pre>
  )
}

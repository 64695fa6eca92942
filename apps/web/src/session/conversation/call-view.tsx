'use client'

import { CircleDashed, CircleSlash, LoaderCircle, TriangleAlert } from 'lucide-react'
import dynamic from 'next/dynamic'
import { memo } from 'react'
import { formatDuration } from '../../format/duration.ts'
import { LineChanges } from '../cards/line-changes.tsx'
import { useDelta } from '../session-hooks.ts'
import { Line } from './line.tsx'
import { lastLines } from './last-lines.ts'
import type { Call } from './row.ts'
import { changeOf, lineOf } from './tools.ts'
import { useElapsed } from './use-now.ts'
import { useUnfolded } from './use-unfolded.ts'

// Seen only when somebody unfolds a line.
const CallDetails = dynamic(async () => (await import('./call-details.tsx')).CallDetails, { ssr: false })

/** One tool call as a line that unfolds to what went in and what came out. */
export const CallView = memo(function CallView({ call }: { call: Call }) {
  const [isUnfolded, turn] = useUnfolded(call.callId)
  const line = lineOf(call)
  const state = stateOf(call)
  const isRunning = state === 'running'
  return (
    <>
      <Line
        icon={
          state === 'running'
            ? LoaderCircle
            : state === 'waiting'
              ? CircleDashed
              : state === 'denied'
                ? CircleSlash
                : state === 'failed'
                  ? TriangleAlert
                  : line.icon
        }
        {...(isRunning ? { iconClass: 'animate-spin text-accent-text' } : {})}
        tone={state === 'failed' ? 'bad' : state === 'denied' ? 'warn' : 'quiet'}
        verb={line.verb}
        target={line.target}
        {...(line.isCode ? { targetClass: 'font-mono text-xs leading-5' } : {})}
        facts={<Facts call={call} state={state} />}
        fold={{ isUnfolded, turn }}
      >
        <CallDetails call={call} />
      </Line>
      {isRunning && !isUnfolded && <LiveTail callId={call.callId} />}
    </>
  )
})

type CallState = 'pending' | 'waiting' | 'running' | 'done' | 'failed' | 'denied'

function stateOf({ finished, ruling, startedAt }: Call): CallState {
  if (finished !== null) return finished.problem === 'denied' ? 'denied' : finished.ok ? 'done' : 'failed'
  if (startedAt !== null) return 'running'
  return ruling?.decision === 'ask' ? 'waiting' : 'pending'
}

function Facts({ call, state }: { call: Call; state: CallState }) {
  const change = changeOf(call)
  const exitCode = call.finished?.facts['exitCode']
  if (state === 'running' && call.startedAt !== null) return <Running since={call.startedAt} />
  if (state === 'waiting') return <span className="text-warning-text">waits for you</span>
  if (state === 'pending') return <span>next</span>
  return (
    <>
      {state === 'denied' && <span className="text-warning-text">not allowed</span>}
      {call.finished?.problem === 'interrupted' && <span className="text-warning-text">interrupted</span>}
      {call.finished?.problem === 'input' && <span className="text-danger-text">malformed</span>}
      {state === 'failed' && typeof exitCode === 'number' && <span className="text-danger-text">exit {exitCode}</span>}
      {change !== null && <LineChanges {...change} />}
      {(call.finished?.ms ?? 0) >= 50 && formatDuration(call.finished?.ms ?? 0)}
    </>
  )
}

function Running({ since }: { since: string }) {
  return <span className="text-accent-text">{useElapsed(Date.parse(since))}</span>
}

/** The last lines that a running command printed. */
function LiveTail({ callId }: { callId: string }) {
  const output = useDelta(callId, 'output')
  const tail = lastLines(output, 4)
  if (tail === '') return null
  return (
    <pre
      aria-hidden
      className="mt-0.5 mb-1 ml-7 overflow-hidden border-l border-separator pl-3 font-mono text-xs leading-5 text-ellipsis whitespace-pre text-muted"
    >
      {tail}
    </pre>
  )
}

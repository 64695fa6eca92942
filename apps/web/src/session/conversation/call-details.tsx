'use client'

import { stableJson } from '@slipway/core/text/stable-json'
import type { ReactNode } from 'react'
import { useDelta } from '../session-hooks.ts'
import { OutputText } from './output-text.tsx'
import { MarkedText } from './marked-text.tsx'
import type { Call } from './row.ts'
import { useSoughtWords } from './sought-calls.ts'

const none: readonly string[] = []

/** What went into a call and what came out. */
export function CallDetails({ call }: { call: Call }) {
  const { finished, ruling, invalid } = call
  const words = useSoughtWords(call.callId) ?? none
  return (
    <div className="space-y-2 text-sm">
      {ruling !== null && ruling.decision !== 'allow' && (
        <p className="text-xs text-muted">
          {ruling.decision === 'deny' ? 'Refused' : 'A person was asked'}: {ruling.reason}{' '}
          <span className="font-mono">({ruling.ruleId})</span>
        </p>
      )}
      {invalid !== null && <p className="text-xs text-danger-text">{invalid}</p>}
      <CallInput call={call} words={words} />
      {finished === null ? (
        <LiveOutput callId={call.callId} />
      ) : (
        <OutputText text={finished.output} sha={finished.blob} label="Output" words={words} />
      )}
    </div>
  )
}

function LiveOutput({ callId }: { callId: string }) {
  const output = useDelta(callId, 'output')
  return output === '' ? (
    <p className="text-xs text-muted">Nothing printed yet.</p>
  ) : (
    <OutputText text={output} sha={null} label="Output so far" />
  )
}

/** The one thing that matters of an input as it is; the rest as names and values. */
function CallInput({ call: { tool, input }, words }: { call: Call; words: readonly string[] }) {
  if (tool === 'edit_file' && Array.isArray(input['edits'])) return <Edits edits={input['edits']} />
  const main = typeof input['command'] === 'string' ? 'command' : typeof input['content'] === 'string' ? 'content' : null
  const rest = Object.entries(input).filter(([name]) => name !== main)
  return (
    <>
      {main !== null && (
        <Pre>
          <MarkedText text={String(input[main])} words={words} />
        </Pre>
      )}
      {rest.length > 0 && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-0.5 text-xs">
          {rest.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 font-mono break-words whitespace-pre-wrap">{typeof value === 'string' ? value : stableJson(value)}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}

function Edits({ edits }: { edits: unknown[] }) {
  return (
    <div className="space-y-1.5">
      {edits.map((edit, at) => {
        const { old_text: before, new_text: after } = (edit ?? {}) as Record<string, unknown>
        return (
          <div
            key={at}
            className="max-h-80 overflow-auto rounded-md border border-separator font-mono text-xs leading-5"
            tabIndex={0}
            role="region"
            aria-label={`Edit ${at + 1}`}
          >
            <pre className="bg-diff-removed px-3 py-1 whitespace-pre-wrap">{prefixed(before, '−')}</pre>
            <pre className="bg-diff-added px-3 py-1 whitespace-pre-wrap">{prefixed(after, '+')}</pre>
          </div>
        )
      })}
    </div>
  )
}

function prefixed(text: unknown, mark: string): string {
  return typeof text === 'string' && text !== ''
    ? text
        .replace(/\n$/, '')
        .split('\n')
        .map((line) => `${mark} ${line}`)
        .join('\n')
    : ''
}

function Pre({ children }: { children: ReactNode }) {
  return (
    <pre
      tabIndex={0}
      aria-label="Input"
      className="max-h-60 overflow-auto rounded-md bg-surface-secondary px-3 py-2 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
    >
      {children}
    </pre>
  )
}

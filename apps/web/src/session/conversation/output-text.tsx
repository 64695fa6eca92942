'use client'

import { useQuery } from '@tanstack/react-query'
import type { sessionOutput } from '@slipway/server/contract/file-routes'
import { cleanOutput } from '@slipway/core/text/clean'
import { useMemo, useState } from 'react'
import { call } from '../../api/client.ts'
import { ErrorLine } from '../../states/error-state.tsx'
import { useSessionAccess } from '../session-hooks.ts'
import { CopyButton } from './copy-button.tsx'
import { MarkedText } from './marked-text.tsx'

interface OutputTextProps {
  text: string
  /** Names the whole where the text is a part of it. */
  sha: string | null
  label: string
  /** To be marked in it. */
  words?: readonly string[]
}

const none: readonly string[] = []

/** What a call printed: head and tail of it, and the whole on request. */
export function OutputText({ text, sha, label, words = none }: OutputTextProps) {
  const { store, shareToken } = useSessionAccess()
  const [wantsAll, setWantsAll] = useState(false)
  const whole = useQuery({
    queryKey: ['output', store.sessionId, sha],
    queryFn: ({ signal }) =>
      call<typeof sessionOutput>('GET /sessions/:id/outputs/:sha', { params: { id: store.sessionId, sha: sha ?? '' }, signal }),
    enabled: wantsAll && sha !== null,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const source = whole.data?.text ?? text
  const shown = useMemo(() => cleanOutput(source).text.replace(/\r\n?/g, '\n'), [source])
  const isCut = sha !== null && shareToken === null && whole.data === undefined
  return (
    <div className="group relative">
      <pre
        tabIndex={0}
        aria-label={label}
        className="max-h-80 overflow-auto rounded-md border border-separator bg-terminal px-3 py-2 font-mono text-xs leading-5 break-words whitespace-pre-wrap"
      >
        {shown === '' ? <span className="text-muted">No output</span> : <MarkedText text={shown} words={words} />}
      </pre>
      <CopyButton
        text={shown}
        label="Copy the output"
        className="absolute top-1 right-1 bg-terminal opacity-0 group-hover:opacity-100 focus-visible:opacity-100"
      />
      {isCut && (
        <button
          type="button"
          className="mt-1 rounded px-1 text-xs font-medium text-accent-text hover:underline disabled:text-muted"
          disabled={whole.isFetching}
          onClick={() => setWantsAll(true)}
        >
          {whole.isFetching ? 'Loading the whole output' : 'Show all of it'}
        </button>
      )}
      {whole.data?.next != null && (
        <p className="mt-1 text-xs text-muted">The rest of this output is too long for a page; the export has it.</p>
      )}
      {whole.isError && <ErrorLine error={whole.error} />}
    </div>
  )
}

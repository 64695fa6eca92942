'use client'

import '@xterm/xterm/css/xterm.css'
import { SquareTerminal } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { EmptyState } from '../../states/empty-state.tsx'
import { useMoment } from '../moment.ts'
import { foldOf } from '../folded-events.ts'
import { useEvents, useFold, useSessionAccess } from '../session-hooks.ts'
import { makeBlockFold, type Block } from './blocks.ts'
import { plainOutput } from './clean-output.ts'
import { openTerminal, type OpenTerminal } from './open-terminal.ts'
import { TerminalBar } from './terminal-bar.tsx'
import { terminalTheme } from './terminal-theme.ts'
import { useSteadyStart } from './use-steady-start.ts'
import { WholeOutput } from './whole-output.tsx'

/** The commands of the session with what they print, as they print it. */
export function TerminalPanel() {
  const { store, shareToken } = useSessionAccess()
  const { at } = useMoment()
  const { resolvedTheme } = useTheme()
  const allBlocks = useBlocks(at)
  const { blocks, extend } = useSteadyStart(allBlocks)
  const place = useRef<HTMLDivElement>(null)
  const searchField = useRef<HTMLInputElement>(null)
  const [terminal, setTerminal] = useState<OpenTerminal | null>(null)
  const [isFollowing, setFollowing] = useState(true)
  const [results, setResults] = useState({ index: -1, count: 0 })
  const [shownSha, setShownSha] = useState<string | null>(null)
  const isEmpty = blocks.length === 0

  useEffect(() => {
    if (place.current === null || isEmpty) return
    const opened = openTerminal(place.current, terminalTheme(document.documentElement.classList.contains('dark') ? 'dark' : 'light'), {
      onFollowing: setFollowing,
      onResults: setResults,
      onSearchKey: () => searchField.current?.focus(),
      onWholeOutput: shareToken === null ? setShownSha : null,
    })
    setTerminal(opened)
    return () => {
      setTerminal(null)
      opened.close()
    }
  }, [isEmpty, shareToken])

  useEffect(() => void terminal?.setTheme(terminalTheme(resolvedTheme)), [terminal, resolvedTheme])

  const running = blocks.find(({ result, liveCallId }) => result === null && liveCallId !== null)?.liveCallId ?? null
  useEffect(() => {
    if (terminal === null) return
    const show = (): void => terminal.writer.show(blocks, at === 'now' ? (callId) => store.getDelta(callId, 'output') : () => '')
    show()
    // The store hands text over in batches already.
    return running === null || at !== 'now' ? undefined : store.subscribeDelta(running, 'output', show)
  }, [terminal, blocks, running, at, store])

  const copyText = useCallback(() => terminal?.selection() || textOf(blocks), [terminal, blocks])
  if (isEmpty)
    return (
      <EmptyState icon={SquareTerminal} title={at === 'now' ? 'No command has run yet' : 'No command had run at this moment'}>
        Commands of the agent, of the set-up and of the verification appear here, with what they print as they print it.
      </EmptyState>
    )
  return (
    <div
      className="flex h-full min-h-0 flex-col"
      style={{ background: terminalTheme(resolvedTheme).background }}
      onPointerEnter={extend}
      onFocus={extend}
    >
      <TerminalBar
        searchField={searchField}
        terminal={terminal}
        blocks={blocks}
        results={results}
        isFollowing={isFollowing}
        copyText={copyText}
        onWholeOutput={shareToken === null ? setShownSha : null}
      />
      <div
        ref={place}
        role="region"
        aria-label="Terminal, read-only"
        className="min-h-0 flex-1 overflow-hidden pt-1 pl-2 [&_.xterm]:h-full [&_.xterm-viewport]:!bg-transparent"
      />
      {shownSha !== null && (
        <WholeOutput
          sha={shownSha}
          command={blocks.find(({ wholeSha }) => wholeSha === shownSha)?.command ?? ''}
          onClose={() => setShownSha(null)}
        />
      )}
    </div>
  )
}

/** The commands up to a moment, as it knew them. */
function useBlocks(at: 'now' | number): readonly Block[] {
  const events = useEvents()
  const blocksNow = useFold(makeBlockFold)
  return useMemo(() => {
    if (at === 'now') return blocksNow
    return foldOf(
      makeBlockFold,
      events.filter(({ seq }) => seq <= at),
    ).read()
  }, [events, blocksNow, at])
}

function textOf(blocks: readonly Block[]): string {
  return blocks.map(({ command, output, result }) => plainOutput(`$ ${command}\n${output}\n${result?.text ?? ''}\n`)).join('\n')
}

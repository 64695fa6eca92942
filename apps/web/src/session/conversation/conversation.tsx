'use client'

import { ArrowDown } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import { Virtualizer, type VirtualizerHandle } from 'virtua'
import { ListBody } from '../../controls/list-body.tsx'
import { plural } from '../../format/count.ts'
import { ErrorLine } from '../../states/error-state.tsx'
import { useMoment } from '../moment.ts'
import { useFold, useSessionStore } from '../session-hooks.ts'
import { useIsPrepended } from '../use-is-prepended.ts'
import { makeRowFold } from './fold-rows.ts'
import type { Row } from './row.ts'
import { lastBefore } from './shows-event.ts'
import { SoughtCallsContext } from './sought-calls.ts'
import { useRowElements } from './use-row-elements.tsx'
import { useScrollTo } from './use-scroll-to.ts'
import { useSought } from './use-sought.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

/** Some fifty screens: what came before is there when a reader who hurries gets to it. */
const OLDER_WITHIN_PX = 40_000
/** Of an end that is looked at, so much more than the pane holds is enough. */
const SHORT_PX = 600
/**
 * Of rows that were never shown, and exactly what a step or an answer of one line takes: each row that turns out to be
 * something else moves the others, which costs a layout of its own while somebody scrolls. Taken from the first rows instead,
 * which may be cards, the end moves by tens of thousands of pixels, and the pane stays empty.
 */
const ROW_PX = 32
/** Height of the line that says that older parts are being loaded. */
const OLDER_PX = 32

/** What was said and done, from the first event to the last; older pages come when somebody scrolls up. */
export function Conversation() {
  const store = useSessionStore()
  const rows = useFold(makeRowFold)
  const { at } = useMoment()
  const scroller = useRef<HTMLDivElement>(null)
  const list = useRef<VirtualizerHandle>(null)
  const stick = useStickToEnd(scroller, at === 'now')
  const isPrepended = useIsPrepended(rows)
  const unseen = useUnseen(rows, stick.isAtEnd)
  const hasOlder = useSyncExternalStore(store.subscribe, store.hasOlder, store.hasOlder)

  useLayoutEffect(stick.follow, [rows, stick.follow])
  useScrollTo(at === 'now' ? null : at, rows, list, lastBefore)
  const sought = useSought(rows, list, stick.stay)
  const rowElement = useRowElements(at, sought.isSought)
  // A first page that does not fill the pane brings no scrolling.
  useEffect(() => loadOlderNear(), [rows, stick.isAtEnd])

  function loadOlderNear(): void {
    const element = scroller.current
    if (element === null || element.clientHeight === 0 || !store.hasOlder()) return
    const isShort = element.scrollHeight <= element.clientHeight + SHORT_PX
    if (isShort || (!stick.isAtEnd && element.scrollTop < OLDER_WITHIN_PX)) void store.loadOlder()
  }

  // Its own background lets the browser keep what is drawn and move it: without, the whole page is drawn anew with each frame.
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        aria-live="off"
        className="relative h-full overflow-y-auto overscroll-contain bg-background outline-offset-[-2px] [overflow-anchor:none]"
        onScroll={() => {
          stick.onScroll()
          loadOlderNear()
        }}
      >
        <OlderState hasOlder={hasOlder} />
        <SoughtCallsContext value={sought.calls}>
          <Virtualizer
            ref={list}
            as={ListBody}
            data={rows}
            shift={isPrepended}
            scrollRef={scroller}
            onResize={stick.follow}
            bufferSize={600}
            itemSize={ROW_PX}
            startMargin={hasOlder ? OLDER_PX : 0}
          >
            {rowElement}
          </Virtualizer>
        </SoughtCallsContext>
        <div className="h-4" />
      </div>
      {!stick.isAtEnd && (
        <button
          type="button"
          className="absolute bottom-3 left-1/2 flex h-8 -translate-x-1/2 items-center gap-1.5 rounded-full border border-border bg-overlay px-3 text-sm shadow-overlay hover:bg-default"
          onClick={stick.goToEnd}
        >
          <ArrowDown aria-hidden className="size-3.5" />
          {unseen > 0 ? plural(unseen, 'new', 'new') : 'To the end'}
        </button>
      )}
    </div>
  )
}

/** Rows that came since the reader left the end. */
function useUnseen(rows: readonly Row[], isAtEnd: boolean): number {
  const lastSeq = rows.at(-1)?.seq ?? 0
  const [seenSeq, setSeenSeq] = useState(lastSeq)
  if (isAtEnd && seenSeq !== lastSeq) setSeenSeq(lastSeq)
  if (isAtEnd) return 0
  let count = 0
  for (let at = rows.length - 1; at >= 0 && rows[at]!.seq > seenSeq; at--) count++
  return count
}

function OlderState({ hasOlder }: { hasOlder: boolean }) {
  const store = useSessionStore()
  const problem = useSyncExternalStore(store.subscribe, store.getProblem, store.getProblem)
  if (problem !== null) {
    return (
      <div className="flex flex-col items-center gap-1 p-3">
        <ErrorLine error={problem} />
        <button type="button" className="rounded px-2 py-1 text-sm font-medium text-accent-text hover:bg-default" onClick={store.retry}>
          Try again
        </button>
      </div>
    )
  }
  return hasOlder ? <p className="h-8 py-1.5 text-center text-xs text-muted">Loading what came before</p> : null
}

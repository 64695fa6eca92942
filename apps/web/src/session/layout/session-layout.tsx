'use client'

import { useHasEvents, useSessionView } from '../session-hooks.ts'
import { NarrowLayout } from './narrow-layout.tsx'
import { OpeningSession } from './opening-session.tsx'
import { useIsWide } from './use-is-wide.ts'
import { WideLayout } from './wide-layout.tsx'

/** The parts of a session in columns or, where there is no room for them, in tabs. */
export function SessionLayout() {
  const view = useSessionView().data
  const hasEvents = useHasEvents()
  const isWide = useIsWide()
  if (view === undefined && !hasEvents) return <OpeningSession />
  return isWide ? <WideLayout view={view} /> : <NarrowLayout view={view} />
}

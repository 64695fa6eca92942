'use client'

import dynamic from 'next/dynamic'
import { useHasEvents, useSessionView } from '../session-hooks.ts'
import { OpeningSession } from './opening-session.tsx'
import { isWideNow, useIsWide } from './use-is-wide.ts'

const loadWide = async () => (await import('./wide-layout.tsx')).WideLayout
const loadNarrow = async () => (await import('./narrow-layout.tsx')).NarrowLayout
const WideLayout = dynamic(loadWide, { ssr: false, loading: OpeningSession })
const NarrowLayout = dynamic(loadNarrow, { ssr: false, loading: OpeningSession })

/** Fetches the code of the layout that this screen needs, while the session itself is on its way. */
export function fetchLayout(): void {
  // What cannot be fetched is tried again, and told, when it is needed.
  void (isWideNow() ? loadWide() : loadNarrow()).catch(() => undefined)
}

/** The parts of a session in columns or, where there is no room for them, in tabs. */
export function SessionLayout() {
  const view = useSessionView().data
  const hasEvents = useHasEvents()
  const isWide = useIsWide()
  if (view === undefined && !hasEvents) return <OpeningSession />
  return isWide ? <WideLayout view={view} /> : <NarrowLayout view={view} />
}

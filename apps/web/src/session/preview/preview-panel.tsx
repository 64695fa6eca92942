'use client'

import { MonitorX } from 'lucide-react'
import { useRef, useState } from 'react'
import { EmptyState } from '../../states/empty-state.tsx'
import { ErrorState } from '../../states/error-state.tsx'
import { SkeletonRows } from '../../states/skeleton.tsx'
import { LocalStatus } from './local-status.tsx'
import { NothingListens } from './nothing-listens.tsx'
import { PreviewFrame } from './preview-frame.tsx'
import { type Previews, usePreviews } from './use-previews.ts'

/** The application under work as a person would see it. */
export function PreviewPanel() {
  const place = useRef<HTMLDivElement>(null)
  const previews = usePreviews(() => place.current?.offsetParent !== null && document.visibilityState === 'visible')
  const { data } = previews
  return (
    <div ref={place} className="h-full min-h-0">
      {data !== undefined ? (
        <Contents previews={data} />
      ) : previews.isError ? (
        <ErrorState error={previews.error} onRetry={() => void previews.refetch()} />
      ) : (
        <SkeletonRows rows={3} label="what can be previewed" />
      )}
    </div>
  )
}

function Contents({ previews }: { previews: Previews }) {
  const { ports, local } = previews
  const [chosen, setChosen] = useState<number | null>(null)
  if (!previews.isAvailable)
    return (
      <EmptyState icon={MonitorX} title="Previews are not available on this server">
        {previews.reason}
      </EmptyState>
    )
  const usual = local?.state === 'ready' && local.port !== null && ports.includes(local.port) ? local.port : ports[0]
  const port = chosen !== null && ports.includes(chosen) ? chosen : usual
  if (port !== undefined) return <PreviewFrame key={port} port={port} previews={previews} onPort={setChosen} />
  return local === null ? <NothingListens /> : <LocalStatus local={local} />
}

'use client'

import { LoaderCircle } from 'lucide-react'
import { formatDuration } from '../format/duration.ts'
import { useNow } from '../format/use-now.ts'

/** What is awaited between Enter and the session's page, and since when. */
export function Starting({ task, sinceMs }: { task: string; sinceMs: number }) {
  const elapsedMs = useNow(1_000) - sinceMs
  return (
    <p className="flex items-center gap-2 text-sm text-muted">
      <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />
      <span className="min-w-0 truncate">Starting “{task.split('\n')[0]}”: the server looks at the repository and the model</span>
      {elapsedMs > 2_000 && <span className="shrink-0">{formatDuration(Math.floor(elapsedMs / 1_000) * 1_000)}</span>}
    </p>
  )
}

'use client'

import { useQuery } from '@tanstack/react-query'
import type { listSessions } from '@slipway/server/contract/session-routes'
import { useRouter } from 'next/navigation'
import { useEffect, useRef } from 'react'
import { call } from '../api/client.ts'
import { useListInterval } from '../live/list-stream.ts'
import { toasts } from '../toasts/toasts.ts'
import { keyOf, newlyWaiting, type Waiting } from './newly-waiting.ts'
import { useNotifying } from './notifying.ts'

const LOOK_MS = 10_000

/** Shows a notification of the browser when a session begins to wait for its person. */
export function NeedsYouWatch() {
  const router = useRouter()
  const isOn = useNotifying() === 'on'
  const seen = useRef<Set<string> | null>(null)
  const { data } = useQuery({
    queryKey: ['sessions', 'waiting'],
    queryFn: ({ signal }) => call<typeof listSessions>('GET /sessions', { query: { need: 'needs-you', limit: 50 }, signal }),
    enabled: isOn,
    refetchInterval: useListInterval(LOOK_MS),
    refetchIntervalInBackground: true,
  })
  useEffect(() => {
    if (!isOn || data === undefined) return
    for (const waiting of newlyWaiting(seen.current, data.sessions)) show(waiting, (id) => router.push(`/sessions/${id}`))
    seen.current = new Set(data.sessions.map(keyOf))
  }, [isOn, data, router])
  return null
}

function show({ id, title, question }: Waiting, open: (id: string) => void): void {
  // Somebody who looks at the session sees the question itself.
  if (document.visibilityState === 'visible' && window.location.pathname === `/sessions/${id}`) return
  const notification = notify(title, { body: question ?? 'It waits for you.', tag: id, icon: '/icons/icon-192.png' })
  if (notification === null) return void toasts.add({ text: `“${title}” needs you` })
  notification.onclick = () => {
    window.focus()
    open(id)
    notification.close()
  }
}

/** null: Chromium on Android allows them, but not to a page without a worker of its own. */
function notify(title: string, options: NotificationOptions): Notification | null {
  try {
    return new Notification(title, options)
  } catch {
    return null
  }
}

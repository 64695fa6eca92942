'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { changeSession } from '@slipway/server/contract/session-routes'
import { Archive, ArchiveRestore, Download, Ellipsis, FileCode, FileText, GitFork, Share2, Trash2 } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { messageOf } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { useSessionAccess, type PageView } from '../session-hooks.ts'
import { ConnectionBadge } from './connection-badge.tsx'
import { Menu, type MenuItem } from './menu.tsx'

// Seldom opened: their code comes when they are.
const ShareDialog = dynamic(async () => (await import('./share-dialog.tsx')).ShareDialog, { ssr: false })
const ThrowAwayDialog = dynamic(async () => (await import('./throw-away-dialog.tsx')).ThrowAwayDialog, { ssr: false })
const ForkDialog = dynamic(async () => (await import('./fork-dialog.tsx')).ForkDialog, { ssr: false })

/** Right end of the top bar: the connection, sharing, and everything that is done seldom. */
export function SessionActions({ view }: { view: PageView }) {
  const { store, may } = useSessionAccess()
  const [open, setOpen] = useState<'share' | 'fork' | 'throw-away' | null>(null)
  const archive = useArchive()
  const { sessionId } = store
  const exported = (format: string): string => `/api/v1/sessions/${encodeURIComponent(sessionId)}/export?format=${format}`
  const exports: MenuItem[] = [
    { name: 'Export as Markdown', icon: FileText, href: exported('md') },
    { name: 'Export as HTML', icon: FileCode, href: exported('html') },
    { name: 'Export as JSON', icon: Download, href: exported('json') },
  ]
  const doing: MenuItem[] = [
    { name: 'Share a link', icon: Share2, onChoose: () => setOpen('share') },
    { name: 'Fork with another model', icon: GitFork, onChoose: () => setOpen('fork') },
    view.isArchived
      ? { name: 'Take back from the archive', icon: ArchiveRestore, onChoose: () => archive(false) }
      : { name: 'Archive', icon: Archive, onChoose: () => archive(true) },
  ]
  const last: MenuItem = { name: 'Throw away', icon: Trash2, isDanger: true, onChoose: () => setOpen('throw-away') }
  return (
    <>
      <ConnectionBadge />
      <Menu label="More about this session" items={may === 'act' ? [...doing, ...exports, last] : exports}>
        <Ellipsis aria-hidden className="size-4" />
      </Menu>
      {open === 'share' && <ShareDialog onClose={() => setOpen(null)} />}
      {open === 'fork' && <ForkDialog view={view} onClose={() => setOpen(null)} />}
      {open === 'throw-away' && <ThrowAwayDialog onClose={() => setOpen(null)} />}
    </>
  )
}

/** Puts the session away, with a way back, or takes it back. */
function useArchive(): (isArchived: boolean) => void {
  const { store, viewKey } = useSessionAccess()
  const router = useRouter()
  const queries = useQueryClient()
  const change = useMutation({
    mutationFn: (isArchived: boolean) =>
      call<typeof changeSession>('PATCH /sessions/:id', { params: { id: store.sessionId }, body: { isArchived } }),
    onSuccess(view, isArchived) {
      queries.setQueryData(viewKey, view)
      void queries.invalidateQueries({ queryKey: ['sessions'] })
      if (!isArchived) return
      toasts.add({ text: 'The session is archived.', undo: () => change.mutate(false) })
      router.push('/')
    },
    onError: (error) => toasts.add({ text: messageOf(error), kind: 'problem' }),
  })
  return change.mutate
}

'use client'

import {
  ArrowUpFromLine,
  Box,
  Folder,
  GitFork,
  Info,
  Package,
  Rocket,
  RotateCcw,
  ScrollText,
  ShieldAlert,
  ShieldCheck,
  Square,
  Undo2,
  type LucideIcon,
} from 'lucide-react'
import Link from 'next/link'
import { memo } from 'react'
import { formatDuration } from '../../format/duration.ts'
import { shortBranches } from '../../format/short-branches.ts'
import { Line } from './line.tsx'
import { OutsideLink } from './outside-link.tsx'
import type { NoteIcon, NoteRow } from './row.ts'
import { useUnfolded } from './use-unfolded.ts'

const ICONS: Record<NoteIcon, LucideIcon> = {
  repository: Folder,
  sandbox: Box,
  setup: Package,
  fork: GitFork,
  guard: ShieldAlert,
  mode: ShieldCheck,
  stop: Square,
  push: ArrowUpFromLine,
  restore: RotateCcw,
  compact: ScrollText,
  deploy: Rocket,
  report: Undo2,
  note: Info,
}

/** A line between what is said and done. */
export const NoteRowView = memo(function NoteRowView({ row }: { row: NoteRow }) {
  const [isUnfolded, turn] = useUnfolded(row.key)
  return (
    <Line
      icon={ICONS[row.icon]}
      tone={row.tone}
      verb={row.verb}
      target={<span title={row.text}>{shortBranches(row.text)}</span>}
      facts={
        <>
          {row.ms !== null && <span>{formatDuration(row.ms)}</span>}
          {row.href !== null && <NoteLink href={row.href} />}
        </>
      }
      {...(row.detail === null ? {} : { fold: { isUnfolded, turn } })}
    >
      <pre className="max-h-80 overflow-auto font-mono text-xs leading-5 break-words whitespace-pre-wrap" tabIndex={0}>
        {row.detail}
      </pre>
    </Line>
  )
})

function NoteLink({ href }: { href: string }) {
  if (!href.startsWith('/')) return <OutsideLink href={href}>open</OutsideLink>
  return (
    <Link href={href} prefetch={false} className="text-accent-text hover:underline">
      open
    </Link>
  )
}

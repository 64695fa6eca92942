'use client'

import { GitCommitHorizontal, ShieldAlert, ShieldCheck } from 'lucide-react'
import { memo } from 'react'
import { plural } from '../../format/count.ts'
import { Line } from '../conversation/line.tsx'
import type { CommitRow } from '../conversation/row.ts'
import { useUnfolded } from '../conversation/use-unfolded.ts'
import { LineChanges } from './line-changes.tsx'

const SCANS = {
  clean: 'secret scan clean',
  findings: 'looks like it holds secrets',
  'timed-out': 'secret scan timed out',
  failed: 'secret scan failed',
}

/** A commit that left the sandbox, and what the scan said of it. */
export const CommitCard = memo(function CommitCard({ row: { key, commit, scan } }: { row: CommitRow }) {
  const isBlocked = scan !== null && scan.result !== 'clean'
  const [isUnfolded, turn] = useUnfolded(key, isBlocked || commit.warnings.length > 0)
  const added = commit.files.reduce((sum, file) => sum + file.added, 0)
  const removed = commit.files.reduce((sum, file) => sum + file.removed, 0)
  const Shield = isBlocked ? ShieldAlert : ShieldCheck
  return (
    <Line
      icon={GitCommitHorizontal}
      tone={isBlocked ? 'bad' : 'quiet'}
      verb="Commit"
      target={
        <>
          <span className="font-mono text-xs">{commit.oid.slice(0, 10)}</span> <span className="text-foreground">{commit.subject}</span>
        </>
      }
      facts={
        <>
          <span className="hidden sm:inline">{plural(commit.files.length, 'file')}</span>
          <LineChanges added={added} removed={removed} />
          {scan !== null && (
            <Shield aria-label={SCANS[scan.result]} className={`size-3.5 ${isBlocked ? 'text-danger-text' : 'text-success-text'}`} />
          )}
        </>
      }
      fold={{ isUnfolded, turn }}
    >
      <ul className="space-y-0.5">
        {commit.files.map((file) => (
          <li key={file.path} className="flex items-baseline gap-3 text-xs">
            <span className="min-w-0 flex-1 truncate font-mono" title={file.path}>
              {file.path}
            </span>
            <LineChanges added={file.added} removed={file.removed} />
          </li>
        ))}
      </ul>
      {scan !== null && <p className={`mt-1 text-xs ${isBlocked ? 'text-danger-text' : 'text-muted'}`}>{SCANS[scan.result]}</p>}
      {[
        ...commit.warnings.map(({ path, message }) => `${path}: ${message}`),
        ...(scan?.findings ?? []).map(({ path, line, rule }) => `${path}:${line} (${rule})`),
      ].map((text) => (
        <p key={text} className="text-xs break-words text-warning-text">
          {text}
        </p>
      ))}
    </Line>
  )
})

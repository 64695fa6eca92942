'use client'

import { CircleCheck, CircleDashed, CircleX, GitPullRequest, GitPullRequestDraft } from 'lucide-react'
import { memo } from 'react'
import { OutsideLink } from '../conversation/outside-link.tsx'
import { safeUrl } from '../conversation/safe-url.ts'
import type { ChangeRequestRow } from '../conversation/row.ts'
import { Card } from './card.tsx'

const CHECKS = {
  passed: { icon: CircleCheck, colour: 'text-success-text' },
  failed: { icon: CircleX, colour: 'text-danger-text' },
  pending: { icon: CircleDashed, colour: 'text-muted' },
}

/** The change request with its link and the state of its checks. */
export const ChangeRequestCard = memo(function ChangeRequestCard({ row: { changeRequest, checks } }: { row: ChangeRequestRow }) {
  const { number, url, branch, base, draft } = changeRequest
  return (
    <Card
      icon={draft ? GitPullRequestDraft : GitPullRequest}
      iconClass="text-accent-text"
      label="Change request"
      title={
        <span className="flex flex-wrap items-baseline gap-x-2">
          {safeUrl(url) === null ? `Change request ${number}` : <OutsideLink href={url}>{`Change request ${number}`}</OutsideLink>}
          {draft && <span className="rounded bg-warning-soft px-1.5 text-xs font-normal text-warning-text">draft</span>}
        </span>
      }
      facts={
        <span className="max-w-32 truncate max-sm:hidden" title={`${branch} into ${base}`}>
          into <span className="font-mono">{base}</span>
        </span>
      }
      {...(checks.length === 0 && safeUrl(url) !== null
        ? {}
        : {
            children: (
              <>
                {safeUrl(url) === null && (
                  <p className={`font-mono text-xs break-all text-muted ${checks.length === 0 ? '' : 'mb-1.5'}`}>{url}</p>
                )}
                <ul className="space-y-1">
                  {checks.map((check) => {
                    const { icon: Icon, colour } = CHECKS[check.state]
                    return (
                      <li key={check.name} className="flex items-center gap-2">
                        <Icon aria-label={check.state} className={`size-3.5 shrink-0 ${colour}`} />
                        <span className="min-w-0 truncate">
                          {check.url === null ? check.name : <OutsideLink href={check.url}>{check.name}</OutsideLink>}
                        </span>
                      </li>
                    )
                  })}
                </ul>
              </>
            ),
          })}
    />
  )
})

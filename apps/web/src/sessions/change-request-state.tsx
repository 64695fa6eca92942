// A change request and its checks in few words, for lists and bars.

import { Check, CircleAlert, Clock3, GitPullRequest, GitPullRequestDraft } from 'lucide-react'
import { safeUrl } from '../session/conversation/safe-url.ts'
import type { SessionCard } from './use-sessions.ts'

const CHIP = 'flex h-6 shrink-0 items-center gap-1 rounded border border-border px-1.5 text-xs text-muted'

/** Its number, as a link where it has an address of its own. */
export function ChangeRequest({ changeRequest }: { changeRequest: SessionCard['changeRequest'] }) {
  if (changeRequest === null) return null
  const Icon = changeRequest.isDraft ? GitPullRequestDraft : GitPullRequest
  const name = `Change request ${changeRequest.number}${changeRequest.isDraft ? ', a draft' : ''}`
  const address = safeUrl(changeRequest.url)
  const content = (
    <>
      <Icon aria-hidden className="size-3.5" />#{changeRequest.number}
    </>
  )
  if (address === null)
    return (
      <span role="img" aria-label={name} title={changeRequest.url} className={CHIP}>
        {content}
      </span>
    )
  return (
    <a
      href={address.href}
      target="_blank"
      rel="noreferrer"
      aria-label={name}
      className={`${CHIP} hover:border-border-strong hover:text-foreground`}
    >
      {content}
    </a>
  )
}

/** What the checks of a change request say, the worst first. */
export function Checks({ checks }: { checks: SessionCard['checks'] }) {
  if (checks === null) return null
  const { passed, failed, pending } = checks
  if (failed > 0)
    return (
      <span className="flex items-center gap-1 text-xs text-danger-text">
        <CircleAlert aria-hidden className="size-3.5" />
        {failed} failed
      </span>
    )
  if (pending > 0)
    return (
      <span className="flex items-center gap-1 text-xs text-muted">
        <Clock3 aria-hidden className="size-3.5" />
        {passed}/{passed + pending}
      </span>
    )
  return (
    <span className="flex items-center gap-1 text-xs text-success-text">
      <Check aria-hidden className="size-3.5" />
      <span className="sr-only">Checks passed: </span>
      {passed}
    </span>
  )
}

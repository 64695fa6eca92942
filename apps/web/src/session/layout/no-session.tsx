'use client'

import { SearchX } from 'lucide-react'
import Link from 'next/link'
import { EmptyState } from '../../states/empty-state.tsx'
import { ErrorState } from '../../states/error-state.tsx'
import { ApiProblem } from '../../api/problem.ts'

/** The session cannot be shown: it is not there, or the server could not say. */
export function NoSession({ error, isShared, onRetry }: { error: unknown; isShared: boolean; onRetry: () => void }) {
  const isGone = error instanceof ApiProblem && error.status === 404
  if (!isGone) return <ErrorState error={error} onRetry={onRetry} title="The session could not be opened" />
  if (isShared)
    return (
      <EmptyState icon={SearchX} title="This link leads nowhere">
        It was withdrawn, has run out, or was copied in part. Ask whoever sent it for a new one.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={SearchX}
      title="There is no such session"
      action={
        <Link href="/" className="text-sm font-medium text-accent-text hover:underline">
          Go to your sessions
        </Link>
      }
    >
      The address may be mistyped, or the session belongs to somebody else.
    </EmptyState>
  )
}

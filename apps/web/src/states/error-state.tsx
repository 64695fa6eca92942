import { TriangleAlert } from 'lucide-react'
import { ApiProblem } from '../api/problem.ts'
import { Button } from '../controls/button.tsx'
import { WithCode } from '../controls/with-code.tsx'

/** What went wrong and what to do, with another try. `size="inline"` within a page, else in its middle. */
export function ErrorState({
  error,
  onRetry,
  title = 'This could not be loaded',
}: {
  error: unknown
  onRetry?: () => void
  title?: string
}) {
  return (
    <div role="alert" className="flex flex-col items-center px-6 py-12 text-center">
      <TriangleAlert aria-hidden className="mb-3 size-5 text-danger-text" strokeWidth={1.5} />
      <p className="font-medium">{title}</p>
      <p className="mt-1 max-w-md text-sm text-muted">
        <WithCode text={messageOf(error)} />
      </p>
      {onRetry !== undefined && (
        <Button className="mt-4" size="sm" onClick={onRetry}>
          Try again
        </Button>
      )}
      <RequestId error={error} />
    </div>
  )
}

/** One line beside what failed, for forms and cards. */
export function ErrorLine({ error }: { error: unknown }) {
  return (
    <p role="alert" className="flex items-start gap-1.5 text-sm text-danger-text">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span className="min-w-0 break-words">
        <WithCode text={messageOf(error)} />
      </span>
    </p>
  )
}

/** The sentence of an error for people. */
export function messageOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.message
  return 'Something in this page broke. Reload it; if it happens again, the console of the browser says more.'
}

function RequestId({ error }: { error: unknown }) {
  if (!(error instanceof ApiProblem) || error.requestId === null) return null
  return <p className="mt-3 font-mono text-2xs text-muted">request {error.requestId}</p>
}

'use client'

import { Page } from '../../shell/page.tsx'
import { ErrorState } from '../../states/error-state.tsx'

/** One page that broke: the way to the others stays, and another try draws it anew. */
export default function PageError({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <Page title="This page stopped working">
      <ErrorState title="This page stopped working" error={error} onRetry={reset} />
    </Page>
  )
}

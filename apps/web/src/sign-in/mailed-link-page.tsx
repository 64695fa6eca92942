'use client'

import { useMutation } from '@tanstack/react-query'
import { Button, buttonClass } from '../controls/button.tsx'
import { useHydrated } from '../routing/use-hydrated.ts'
import { Mark } from '../shell/wordmark.tsx'
import { ErrorLine } from '../states/error-state.tsx'
import { followLink } from './sign-in-api.ts'

/** Where a mailed link leads. What scans mails opens it too, and presses nothing, so the link is still good afterwards. */
export function MailedLinkPage() {
  const isHydrated = useHydrated()
  // After the #, so that it is in no server's log.
  const parameters = new URLSearchParams(isHydrated ? window.location.hash.slice(1) : '')
  const token = parameters.get('token')
  const signIn = useMutation({
    mutationFn: () => followLink(token ?? '', parameters.get('next') ?? '/'),
    onSuccess: (goTo) => window.location.replace(goTo),
  })
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[16dvh] pb-12">
      <div className="w-full max-w-88">
        <Mark className="size-7 text-accent-text" />
        <h1 className="mt-4 text-xl font-semibold tracking-tight">Sign in to Slipway</h1>
        {isHydrated && token === null ? (
          <>
            <p className="mt-1 text-sm text-muted">
              This link is not whole: what comes after the # is missing. Copy all of it, or ask for another.
            </p>
            <a href="/sign-in" className={`${buttonClass({ variant: 'primary' })} mt-5 w-full`}>
              Ask for another link
            </a>
          </>
        ) : (
          <>
            <p className="mt-1 text-sm text-muted">
              You came by a link to sign in. If you asked for it, press the button; it counts for this browser.
            </p>
            <Button
              variant="primary"
              className="mt-5 w-full"
              autoFocus
              aria-busy={signIn.isPending || signIn.isSuccess}
              onClick={() => signIn.mutate()}
            >
              {signIn.isPending || signIn.isSuccess ? 'Signing in …' : 'Sign in'}
            </Button>
            {signIn.error !== null && (
              <div className="mt-4">
                <ErrorLine error={signIn.error} />
              </div>
            )}
          </>
        )}
      </div>
    </main>
  )
}

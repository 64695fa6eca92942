'use client'

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { useHydrated } from '../routing/use-hydrated.ts'
import { Mark } from '../shell/wordmark.tsx'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonBar } from '../states/skeleton.tsx'
import { askForLink, goToGoogle, readWays, type Ways } from './sign-in-api.ts'
import { LinkSent } from './link-sent.tsx'

/** Sign in by e-mail link, or with Google where it is set up. */
export function SignInPage() {
  const ways = useQuery({ queryKey: ['sign-in-ways'], queryFn: readWays })
  const isHydrated = useHydrated()
  const parameters = new URLSearchParams(isHydrated ? window.location.search : '')
  return (
    <main className="flex min-h-dvh flex-col items-center px-4 pt-[16dvh] pb-12">
      <div className="w-full max-w-88">
        <Mark className="size-7 text-accent-text" />
        <h1 className="mt-4 text-xl font-semibold tracking-tight">Sign in to Slipway</h1>
        <Refusal reason={parameters.get('error')} />
        {ways.isPending && <Loading />}
        {ways.isError && <ErrorState error={ways.error} onRetry={() => void ways.refetch()} title="Sign-in is not available" />}
        {ways.data !== undefined && <Form ways={ways.data} next={parameters.get('next') ?? '/'} />}
      </div>
    </main>
  )
}

function Form({ ways, next }: { ways: Ways; next: string }) {
  const [email, setEmail] = useState('')
  const target = ways.isNew ? '/welcome' : next
  const link = useMutation({ mutationFn: () => askForLink(email, target) })
  const google = useMutation({ mutationFn: () => goToGoogle(target) })
  if (link.data !== undefined) return <LinkSent email={email} sent={link.data} onBack={link.reset} />
  return (
    <>
      <p className="mt-1 text-sm text-muted">{introduction(ways)}</p>
      <form
        className="mt-5"
        onSubmit={(event) => {
          event.preventDefault()
          if (!link.isPending) link.mutate()
        }}
      >
        <TextField
          label="E-mail address"
          type="email"
          name="email"
          autoComplete="email"
          autoFocus
          required
          maxLength={254}
          placeholder="you@example.org"
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Button type="submit" variant="primary" className="mt-3 w-full" aria-busy={link.isPending}>
          {link.isPending ? 'Making a link …' : 'Continue with e-mail'}
        </Button>
      </form>
      {ways.google && (
        <>
          <p className="my-3 flex items-center gap-3 text-xs text-muted before:h-px before:flex-1 before:bg-separator after:h-px after:flex-1 after:bg-separator">
            or
          </p>
          <Button className="w-full" aria-busy={google.isPending} onClick={() => google.mutate()}>
            {google.isPending ? 'Going to Google …' : 'Continue with Google'}
          </Button>
        </>
      )}
      {(link.error ?? google.error) !== null && (
        <div className="mt-4">
          <ErrorLine error={link.error ?? google.error} />
        </div>
      )}
    </>
  )
}

function introduction({ isNew, signUp }: Ways): string {
  if (isNew) return 'Nobody has signed in here yet. Whoever does so first becomes the administrator of this installation.'
  if (signUp === 'invited') return 'No password: you get a link that signs you in. An administrator invites who may.'
  if (signUp === 'domains') return 'No password: you get a link that signs you in. Use your address at work.'
  return 'No password: you get a link that signs you in.'
}

const REFUSALS: Record<string, string> = {
  'link-used': 'That link has been used already, or is older than ten minutes. Ask for another one.',
  'not-invited': 'This address may not sign in here. Ask an administrator for an invitation.',
  'too-many': 'Too many attempts from here. Wait ten minutes, then try again.',
  google: 'Google did not confirm who you are. Try again, or use the e-mail link.',
}

function Refusal({ reason }: { reason: string | null }) {
  if (reason === null) return null
  return (
    <p role="alert" className="mt-4 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger-text">
      {REFUSALS[reason] ?? 'You could not be signed in. Try again.'}
    </p>
  )
}

function Loading() {
  return (
    <div role="status" className="mt-6 space-y-3">
      <span className="sr-only">Loading the ways to sign in</span>
      <SkeletonBar className="h-3 w-full" />
      <SkeletonBar className="h-8 w-full" />
      <SkeletonBar className="h-8 w-full" />
    </div>
  )
}

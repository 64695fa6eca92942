'use client'

import { Check } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useEffect, useState, type ReactNode } from 'react'
import { ApiProblem } from '../api/problem.ts'
import { Button, buttonClass } from '../controls/button.tsx'
import { useMe, type Me } from '../identity/use-me.ts'
import { Wordmark } from '../shell/wordmark.tsx'
import { ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { readStored, store } from '../stored/local.ts'
import { endWelcome, WELCOME_STEP } from './end-welcome.ts'
import { ModelStep } from './model-step.tsx'
import { RepositoryStep } from './repository-step.tsx'
import { SampleStep } from './sample-step.tsx'
import { SandboxStep } from './sandbox-step.tsx'

const STEPS = ['Sign in', 'Model', 'Sandbox', 'Repository', 'First run'] as const

/** The first minutes of an installation, one step after the other; each can be left for later. */
export function WelcomePage() {
  const me = useMe()
  const router = useRouter()
  const [at, setAt] = useState(1)
  useEffect(() => {
    const kept = Number(readStored(WELCOME_STEP))
    if (kept >= 1 && kept < STEPS.length) setAt(kept)
  }, [])
  const isSignedIn = me.data !== undefined
  const go = (step: number): void => {
    setAt(step)
    store(WELCOME_STEP, String(step))
  }
  const leave = (): void => {
    endWelcome()
    router.push('/?focus=composer')
  }
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-(--top-bar-height) items-center justify-between border-b border-separator px-3">
        <Wordmark />
        {isSignedIn && (
          <Button size="sm" variant="ghost" onClick={leave}>
            Leave for later
          </Button>
        )}
      </header>
      <main className="mx-auto w-full max-w-2xl flex-1 px-4 py-8 sm:px-6 sm:py-12">
        <h1 className="text-xl font-semibold tracking-tight">Set Slipway up</h1>
        <Progress at={isSignedIn ? at : 0} onGo={isSignedIn ? go : null} />
        {me.isPending && <SkeletonRows rows={3} label="who you are" />}
        {me.isError && <NotSignedIn error={me.error} onRetry={() => void me.refetch()} />}
        {me.data !== undefined && (
          <Step me={me.data} at={at} onNext={() => (at + 1 < STEPS.length ? go(at + 1) : leave())} onLeave={leave} />
        )}
      </main>
    </div>
  )
}

function Step({ me, at, onNext, onLeave }: { me: Me; at: number; onNext(): void; onLeave(): void }) {
  if (at === 1)
    return (
      <StepFrame
        title="Pick a model"
        text={`You are signed in as ${me.email ?? 'the command line'}${me.role === 'administrator' ? ', and administer this installation' : ''}. The model writes the code; a script can stand in for it while you look around.`}
        onNext={onNext}
      >
        <ModelStep />
      </StepFrame>
    )
  if (at === 2)
    return (
      <StepFrame
        title="Pick a sandbox"
        text="What the agent runs, runs in there: without your files, your credentials or the network of this machine."
        onNext={onNext}
      >
        <SandboxStep isAdministrator={me.role === 'administrator'} />
      </StepFrame>
    )
  if (at === 3)
    return (
      <StepFrame
        title="Choose a repository"
        text="Where your sessions begin unless they say otherwise. You can leave this and run the sample first."
        onNext={onNext}
      >
        <RepositoryStep />
      </StepFrame>
    )
  return (
    <StepFrame
      title="Run the sample"
      text="A small repository with a fault that its tests do not know of. The agent finds it, writes a test, mends it, and offers a verified change. It takes about a minute."
    >
      <SampleStep onLeave={onLeave} />
    </StepFrame>
  )
}

function StepFrame({ title, text, children, onNext }: { title: string; text: string; children: ReactNode; onNext?: () => void }) {
  return (
    <section aria-labelledby="step">
      <h2 id="step" className="text-lg font-semibold tracking-tight">
        {title}
      </h2>
      <p className="mt-1 mb-5 text-sm text-muted">{text}</p>
      {children}
      {onNext !== undefined && (
        <Button variant="primary" className="mt-6" onClick={onNext}>
          Continue
        </Button>
      )}
    </section>
  )
}

function NotSignedIn({ error, onRetry }: { error: unknown; onRetry(): void }) {
  if (!(error instanceof ApiProblem) || error.status !== 401) return <ErrorState error={error} onRetry={onRetry} />
  return (
    <section>
      <h2 className="text-lg font-semibold tracking-tight">Sign in first</h2>
      <p className="mt-1 mb-5 text-sm text-muted">Whoever signs in first on a new installation becomes its administrator.</p>
      <a href="/sign-in?next=/welcome" className={buttonClass({ variant: 'primary' })}>
        Sign in
      </a>
    </section>
  )
}

function Progress({ at, onGo }: { at: number; onGo: ((step: number) => void) | null }) {
  return (
    <ol aria-label="Steps" className="mt-4 mb-8 flex gap-1.5">
      {STEPS.map((name, step) => (
        <li key={name} className="min-w-0 flex-1">
          <button
            type="button"
            disabled={onGo === null || step === 0}
            aria-current={step === at ? 'step' : undefined}
            onClick={() => onGo?.(step)}
            className="group w-full py-1 text-left disabled:cursor-default"
          >
            <span className={`block h-1 rounded-full ${step <= at ? 'bg-accent' : 'bg-default'}`} />
            <span className="mt-1.5 flex items-center gap-1 text-xs text-muted group-aria-[current=step]:font-medium group-aria-[current=step]:text-foreground max-sm:sr-only">
              {step < at && <Check aria-label="done" className="size-3" />}
              {name}
            </span>
          </button>
        </li>
      ))}
    </ol>
  )
}

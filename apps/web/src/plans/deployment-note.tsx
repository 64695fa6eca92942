'use client'

import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import type { SectionProps } from './plan-page.tsx'
import type { Plan } from './use-plans.ts'

type Deployment = NonNullable<Plan['deployment']>

/** What became of the project at Vercel that deploys the new repository, and the ways out when it could not be made. */
export function DeploymentNote(section: SectionProps & { deployment: Deployment }) {
  const { deployment } = section
  const { project, state } = deployment
  if (state === 'linked')
    return (
      <p className="mt-2 text-sm text-muted">
        The project <span className="font-medium break-words text-foreground">{project}</span> at Vercel deploys what is pushed to it.
      </p>
    )
  if (state === 'making')
    return (
      <p role="status" className="mt-2 text-sm break-words text-accent-text">
        The project {project} at Vercel is being made.
      </p>
    )
  return <OpenDeployment {...section} />
}

function OpenDeployment({ plan, canEdit, change, deployment }: SectionProps & { deployment: Deployment }) {
  const { project, state, problem, effect } = deployment
  const [name, setName] = useState<string | null>(null)
  const { version } = plan
  const leaveOut = (): void => change.mutate({ kind: 'change', body: { version, vercelProject: null } })
  return (
    <div className="mt-3 rounded-lg border border-border bg-surface px-4 py-3">
      {effect !== null && (
        <>
          <p className="text-sm font-medium break-words">{effect.title}</p>
          <p className="mt-1 text-xs break-words text-muted">
            {effect.details.map(([detail, value]) => `${detail}: ${value}`).join(' · ')}
          </p>
          <p className="mt-1 text-xs text-muted">
            {effect.reason} Undone: {effect.reversible}
          </p>
        </>
      )}
      {problem !== null && (
        <p role="alert" className="mt-2 text-sm break-words text-danger-text">
          {problem}
        </p>
      )}
      {canEdit && effect !== null && name === null && (
        <div className="mt-3 flex flex-wrap gap-2">
          <Button
            variant="primary"
            size="sm"
            aria-busy={change.isPending}
            onClick={() => change.mutate({ kind: 'deployment', body: { version, effectHash: effect.hash } })}
          >
            {state === 'failed' ? 'Try again' : 'Make it'}
          </Button>
          <Button size="sm" onClick={() => setName(project)}>
            Other name
          </Button>
          <Button size="sm" variant="ghost" onClick={leaveOut}>
            Leave it out
          </Button>
        </div>
      )}
      {canEdit && name !== null && (
        <form
          className="mt-3 flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            const body = { version, vercelProject: name.trim() }
            change.mutate({ kind: 'change', body }, { onSuccess: () => setName(null) })
          }}
        >
          <TextField
            label="Project at Vercel"
            className="min-w-0 flex-1 basis-48"
            required
            maxLength={100}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <Button type="submit" aria-busy={change.isPending}>
            Use it
          </Button>
          <Button variant="ghost" onClick={() => setName(null)}>
            Leave it
          </Button>
        </form>
      )}
    </div>
  )
}

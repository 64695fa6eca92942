'use client'

import { useState } from 'react'
import { repositoryName } from '../composer/repository-name.ts'
import { Button } from '../controls/button.tsx'
import { Switch } from '../usage/switch.tsx'
import { DeploymentNote } from './deployment-note.tsx'
import { NewRepositoryForm } from './new-repository-form.tsx'
import { NewRepositoryProposal } from './new-repository-proposal.tsx'
import { NameRepository } from './name-repository.tsx'
import type { SectionProps } from './plan-page.tsx'

const WAYS = [
  { value: 'there', name: 'One that there is' },
  { value: 'new', name: 'A new one' },
] as const

/** Where the tasks are worked on: a repository that is there, or one that is made when somebody says yes. */
export function RepositorySection(section: SectionProps) {
  const { plan, canEdit } = section
  const [isChanging, setChanging] = useState(false)
  // Whoever named none is most likely about something that is still to be made.
  const [way, setWay] = useState<'there' | 'new'>(plan.request.repository === null ? 'new' : 'there')
  const isStarted = plan.tasks?.some(({ sessionId }) => sessionId !== null) ?? false
  const { repository } = plan.request
  const isOpen = isChanging || (repository === null && plan.newRepository === null)
  const done = (): void => setChanging(false)
  return (
    <section aria-labelledby="repository">
      <h2 id="repository" className="mb-2 text-base font-medium">
        Repository
      </h2>
      {plan.newRepository !== null && !isChanging ? (
        <NewRepositoryProposal {...section} proposal={plan.newRepository} onChange={() => setChanging(true)} />
      ) : !isOpen || !canEdit ? (
        <div className="flex flex-wrap items-center gap-3 text-sm">
          <p className="min-w-0">
            {repository === null ? (
              <span className="text-muted">none yet</span>
            ) : (
              <span title={repository}>{repositoryName(repository)}</span>
            )}
          </p>
          {canEdit && !isStarted && (
            <Button size="sm" variant="ghost" onClick={() => setChanging(true)}>
              Change
            </Button>
          )}
        </div>
      ) : (
        <div className="space-y-3">
          <Switch label="Repository" options={WAYS} value={way} onChange={(chosen) => setWay(chosen)} />
          {way === 'there' ? <NameRepository {...section} onDone={done} /> : <NewRepositoryForm {...section} onDone={done} />}
          {isChanging && (
            <Button size="sm" variant="ghost" onClick={done}>
              Leave it
            </Button>
          )}
        </div>
      )}
      {plan.deployment !== null && !isChanging && <DeploymentNote {...section} deployment={plan.deployment} />}
    </section>
  )
}

'use client'

import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { TextField } from '../controls/text-field.tsx'
import { DeployChoice } from './deploy-choice.tsx'
import type { SectionProps } from './plan-page.tsx'
import type { Plan } from './use-plans.ts'

type Wanted = Pick<NonNullable<Plan['newRepository']>, 'forge' | 'namespace' | 'name' | 'isPrivate' | 'vercelProject'>

/** Proposes a new repository. Nothing is made before somebody says yes to exactly that. */
export function NewRepositoryForm({ plan, change, onDone }: SectionProps & { onDone(): void }) {
  const [wanted, setWanted] = useState<Wanted>(
    plan.newRepository ?? { forge: 'github', namespace: null, name: nameFrom(plan.title), isPrivate: true, vercelProject: null },
  )
  const edit = (changes: Partial<Wanted>): void => setWanted((before) => ({ ...before, ...changes }))
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        const { forge, name, isPrivate } = wanted
        const vercelProject = forge === 'local' ? null : (wanted.vercelProject?.trim() ?? null)
        const namespace = forge === 'local' ? null : wanted.namespace?.trim() || null
        const body = {
          version: plan.version,
          request: { repository: null },
          newRepository: { forge, namespace, name: name.trim(), isPrivate, vercelProject },
        }
        change.mutate({ kind: 'change', body }, { onSuccess: onDone })
      }}
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField label="Forge" value={wanted.forge} onChange={({ target }) => edit({ forge: target.value as Wanted['forge'] })}>
          <option value="github">GitHub</option>
          <option value="gitlab">GitLab</option>
          <option value="local">This server</option>
        </SelectField>
        <TextField
          label="Organisation or group"
          placeholder={wanted.forge === 'local' ? 'none' : 'your own account'}
          disabled={wanted.forge === 'local'}
          value={wanted.forge === 'local' ? '' : (wanted.namespace ?? '')}
          onChange={({ target }) => edit({ namespace: target.value })}
        />
        <TextField label="Name" required maxLength={80} value={wanted.name} onChange={({ target }) => edit({ name: target.value })} />
        <SelectField
          label="Who can see it"
          value={wanted.isPrivate ? 'private' : 'public'}
          disabled={wanted.forge === 'local'}
          onChange={({ target }) => edit({ isPrivate: target.value === 'private' })}
        >
          <option value="private">Private</option>
          <option value="public">Public</option>
        </SelectField>
      </div>
      <DeployChoice
        forge={wanted.forge}
        usual={wanted.name.toLowerCase()}
        project={wanted.vercelProject}
        onChange={(vercelProject) => edit({ vercelProject })}
      />
      <Button type="submit" aria-busy={change.isPending}>
        Propose it
      </Button>
    </form>
  )
}

/** Letters, digits and - of the title. */
function nameFrom(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '')
}

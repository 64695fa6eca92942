'use client'

import { FolderGit2, Globe, Lock } from 'lucide-react'
import { useState } from 'react'
import { Chip } from '../controls/chip.tsx'
import { Picker, preloadPicker } from '../controls/picker.tsx'
import { messageOf } from '../states/error-state.tsx'
import type { ChipsProps } from './chips.tsx'
import type { PickerOption } from '../controls/picker-list.tsx'
import { repositoryOptions, type RepositoryOption } from './repository-options.ts'
import { repositoryName } from './repository-name.ts'
import { useRepositories } from './use-choices.ts'
import { useHostedRepositories } from './use-hosted-repositories.ts'

/** What one worked on before comes first, then what the accounts at the forges have. */
export function RepositoryChip({ draft, onChange }: ChipsProps) {
  const [isWanted, setWanted] = useState(false)
  const [typed, setTyped] = useState('')
  const recent = useRepositories()
  const hosted = useHostedRepositories(typed, isWanted)
  const options = repositoryOptions(recent.data?.repositories ?? [], hosted.repositories, Date.now())
  const errors = [...(recent.isError ? [recent.error] : []), ...hosted.errors].map(messageOf)
  return (
    <Chip
      icon={FolderGit2}
      label="Repository"
      value={draft.isNew ? 'A new repository' : draft.repository === null ? 'Choose a repository' : repositoryName(draft.repository)}
      isMissing={draft.repository === null && !draft.isNew}
      onNear={preloadPicker}
      onOpenChange={(isOpen) => {
        setWanted(isOpen)
        setTyped('')
      }}
    >
      {(close) => (
        <Picker
          label="Repository"
          search="owner/name, https address or path"
          value={draft.isNew ? NEW : draft.repository}
          options={options.map<PickerOption>(shown).toSpliced(recent.data?.repositories.length ?? 0, 0, newRepository)}
          other={(text) => `Use ${text}`}
          onType={setTyped}
          note={<Note errors={errors} isPending={hosted.isPending} isConnected={hosted.isConnected} />}
          onChoose={(repository) => {
            if (repository === NEW) onChange({ repository: null, isNew: true, base: null })
            else onChange(repository === draft.repository ? {} : { repository, isNew: false, base: null })
            close()
          }}
        />
      )}
    </Chip>
  )
}

// No address and no path is like this.
const NEW = 'new'
const newRepository: PickerOption = {
  value: NEW,
  name: 'A new repository',
  group: 'Not there yet',
  hint: 'A plan proposes it, you say yes to it.',
}

function shown({ url, name, group, note, isPrivate }: RepositoryOption) {
  const Icon = isPrivate ? Lock : Globe
  return {
    value: url,
    name,
    group,
    hint: name === url ? undefined : <span className="font-mono break-all">{url}</span>,
    badge: (
      <span className="flex shrink-0 items-center gap-1 text-2xs text-muted">
        {note}
        {isPrivate !== null && <Icon className="size-3" aria-label={isPrivate ? 'private' : 'public'} />}
      </span>
    ),
  }
}

function Note({ errors, isPending, isConnected }: { errors: string[]; isPending: boolean; isConnected: boolean }) {
  if (errors.length > 0) return <span role="alert">{errors.join(' ')}</span>
  if (isPending) return <span role="status">Asking your accounts …</span>
  return (
    <>
      A folder on the server, owner/name on GitHub, or an https address without credentials.
      {!isConnected && (
        <>
          {' '}
          <a className="underline" href="/settings#connections">
            Connect GitHub or GitLab
          </a>{' '}
          to choose from your own.
        </>
      )}
    </>
  )
}

'use client'

import { useState } from 'react'
import { useBranches, useRepositories } from '../composer/use-choices.ts'
import { useHostedRepositories } from '../composer/use-hosted-repositories.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { plural } from '../format/count.ts'
import { preferencesOf, useChangePreferences, useMe } from '../identity/use-me.ts'
import { useConnections } from '../settings/connections/use-connections.ts'
import { ErrorLine } from '../states/error-state.tsx'
import { ConnectAccounts } from './connect-accounts.tsx'

/** A repository is looked at before it is kept: its branches are asked for. */
export function RepositoryStep() {
  const { data: me } = useMe()
  const recent = useRepositories()
  const change = useChangePreferences()
  const connections = useConnections()
  const [typed, setTyped] = useState(preferencesOf(me).repository ?? '')
  const hosted = useHostedRepositories(typed, (connections.data?.connections.length ?? 0) > 0)
  const [asked, setAsked] = useState<string | null>(null)
  const branches = useBranches(asked, asked !== null)
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setAsked(typed.trim())
          change.mutate({ repository: typed.trim() })
        }}
      >
        <div className="flex flex-wrap items-end gap-2">
          <TextField
            label="Repository"
            className="min-w-56 flex-1"
            list="recent-repositories"
            required
            spellCheck={false}
            placeholder="owner/name, https address, or a path on the server"
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value)
              setAsked(null)
            }}
          />
          <datalist id="recent-repositories">
            {recent.data?.repositories.map(({ url }) => (
              <option key={url} value={url} />
            ))}
            {hosted.repositories.map(({ url }) => (
              <option key={url} value={url} />
            ))}
          </datalist>
          <Button type="submit" aria-busy={branches.isFetching}>
            {branches.isFetching ? 'Looking …' : 'Use it'}
          </Button>
        </div>
        <div aria-live="polite" className="mt-2 text-sm">
          {change.isError && <ErrorLine error={change.error} />}
          {branches.isError && <ErrorLine error={branches.error} />}
          {branches.data !== undefined && asked !== null && (
            <p className="text-success-text">
              Reached: {plural(branches.data.branches.length, 'branch', 'branches')}
              {branches.data.defaultBranch === null ? '' : `, ${branches.data.defaultBranch} is the default`}.
            </p>
          )}
        </div>
        <p className="mt-3 text-xs text-muted">
          A repository on the server's own disk needs no account: changes come back to it as branches.
        </p>
      </form>
      <ConnectAccounts />
    </>
  )
}

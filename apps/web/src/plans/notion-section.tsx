'use client'

import { useState } from 'react'
import { useNotionDatabases } from '../composer/use-notion.ts'
import { Button } from '../controls/button.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { messageOf } from '../states/error-state.tsx'
import type { SectionProps } from './plan-page.tsx'

/** The tasks as rows of a database, when somebody wants them there. */
export function NotionSection({ plan, canEdit, change }: SectionProps) {
  const [isWanted, setWanted] = useState(false)
  const [databaseId, setDatabaseId] = useState('')
  const databases = useNotionDatabases(isWanted && plan.notion === null)
  const tasks = plan.tasks ?? []
  const missing = tasks.filter(({ page }) => page?.url == null).length
  const write = (id: string): void => change.mutate({ kind: 'notion', body: { version: plan.version, databaseId: id } })
  return (
    <section aria-labelledby="notion">
      <h2 id="notion" className="mb-2 text-base font-medium">
        Notion
      </h2>
      {plan.notion !== null ? (
        <div className="flex flex-wrap items-center gap-3 text-sm">
          <p role="status" className={missing === 0 ? 'text-success-text' : 'text-muted'}>
            {missing === 0
              ? `Every task is a row of ${plan.notion.title ?? 'the database'}. Setting a row to Ready approves its task.`
              : `${tasks.length - missing} of ${tasks.length} tasks are rows of ${plan.notion.title ?? 'the database'}.`}
          </p>
          {canEdit && missing > 0 && (
            <Button size="sm" aria-busy={change.isPending} onClick={() => write(plan.notion?.dataSourceId ?? '')}>
              Write the others
            </Button>
          )}
        </div>
      ) : !isWanted ? (
        <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
          <p>The tasks can be rows of a database, and be approved there.</p>
          {canEdit && (
            <Button size="sm" onClick={() => setWanted(true)}>
              Write to Notion …
            </Button>
          )}
        </div>
      ) : databases.isError ? (
        <p role="alert" className="text-sm text-danger-text">
          {messageOf(databases.error)}{' '}
          <a className="underline" href="/settings#connections">
            Connections
          </a>
        </p>
      ) : (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault()
            if (databaseId !== '') write(databaseId)
          }}
        >
          <SelectField
            label="Database"
            className="w-72 max-w-full"
            value={databaseId}
            disabled={databases.isPending}
            onChange={({ target }) => setDatabaseId(target.value)}
          >
            <option value="">{databases.isPending ? 'Asking Notion …' : 'Choose a database'}</option>
            {(databases.data?.databases ?? []).map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </SelectField>
          <Button type="submit" size="md" disabled={databaseId === ''} aria-busy={change.isPending}>
            Write the tasks
          </Button>
        </form>
      )}
    </section>
  )
}

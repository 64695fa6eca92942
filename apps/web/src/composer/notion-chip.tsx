'use client'

import { NotebookText } from 'lucide-react'
import { useState } from 'react'
import { Chip } from '../controls/chip.tsx'
import { Picker, preloadPicker } from '../controls/picker.tsx'
import { messageOf } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import type { ChipsProps } from './chips.tsx'
import { useNotionDatabases, useNotionTasks } from './use-notion.ts'

/** A task that stands in Notion: first the database, then the page. What becomes of it is written back there. */
export function NotionChip({ draft, onChange }: ChipsProps) {
  const [isWanted, setWanted] = useState(false)
  const [databaseId, setDatabaseId] = useState<string | null>(null)
  const page = draft.notionPage
  return (
    <Chip
      icon={NotebookText}
      label="Task from Notion"
      value={page === null ? 'From Notion' : page.title}
      onNear={preloadPicker}
      onOpenChange={(isOpen) => {
        setWanted(isOpen)
        if (!isOpen) setDatabaseId(null)
      }}
    >
      {(close) =>
        databaseId === null ? (
          <Databases
            isWanted={isWanted}
            hasPage={page !== null}
            onChoose={setDatabaseId}
            onForget={() => {
              onChange({ notionPage: null })
              close()
            }}
          />
        ) : (
          <Tasks
            databaseId={databaseId}
            onBack={() => setDatabaseId(null)}
            onChoose={(notionPage) => {
              onChange({ notionPage, task: notionPage.title })
              close()
            }}
          />
        )
      }
    </Chip>
  )
}

const FORGET = 'forget'
const BACK = 'back'

function Databases(props: { isWanted: boolean; hasPage: boolean; onChoose(id: string): void; onForget(): void }) {
  const { data, error, isPending } = useNotionDatabases(props.isWanted)
  if (isPending) return <SkeletonRows rows={4} label="your databases in Notion" />
  const forget = props.hasPage ? [{ value: FORGET, name: 'No task from Notion', hint: 'The text stays.' }] : []
  const databases = (data?.databases ?? []).map(({ id, title, isQueue }) => ({
    value: id,
    name: title,
    badge: isQueue ? <span className="text-2xs text-muted">queue</span> : undefined,
  }))
  return (
    <Picker
      label="Database in Notion"
      search="Name of a database"
      value={null}
      options={[...forget, ...databases]}
      note={error === null ? 'A database is missing? In Notion: ••• → Connections → add the integration.' : <Problem error={error} />}
      onChoose={(id) => (id === FORGET ? props.onForget() : props.onChoose(id))}
    />
  )
}

function Tasks(props: { databaseId: string; onBack(): void; onChoose(page: { id: string; title: string }): void }) {
  const { data, error, isPending } = useNotionTasks(props.databaseId)
  if (isPending) return <SkeletonRows rows={4} label="the tasks" />
  const tasks = data?.tasks ?? []
  return (
    <Picker
      label="Task in Notion"
      search="Title of a task"
      value={null}
      options={[
        ...tasks.map(({ id, title, status, assignee, sessionId }) => ({
          value: id,
          name: title,
          hint: [assignee, sessionId === null ? null : 'has a session'].filter((part) => part !== null).join(' · ') || undefined,
          badge: status === null ? undefined : <span className="text-2xs text-muted">{status}</span>,
        })),
        { value: BACK, name: 'Another database …' },
      ]}
      note={
        error === null ? data?.isComplete === false ? 'These are the latest edited; there are more.' : undefined : <Problem error={error} />
      }
      onChoose={(id) => {
        const task = tasks.find((each) => each.id === id)
        if (task === undefined) props.onBack()
        else props.onChoose({ id, title: task.title })
      }}
    />
  )
}

function Problem({ error }: { error: Error }) {
  return (
    <span role="alert">
      {messageOf(error)}{' '}
      <a className="underline" href="/settings#connections">
        Connections
      </a>
    </span>
  )
}

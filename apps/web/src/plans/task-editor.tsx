'use client'

import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'
import { SelectField } from '../controls/select-field.tsx'
import { TextArea } from '../controls/text-area.tsx'
import { TextField } from '../controls/text-field.tsx'
import { ErrorLine } from '../states/error-state.tsx'
import type { SectionProps } from './plan-page.tsx'
import { linesOf } from './requirements-text.ts'
import type { TaskDefinition } from './task-definition.ts'

interface TaskEditorProps {
  task: TaskDefinition
  others: TaskDefinition[]
  change: SectionProps['change']
  onSave(task: TaskDefinition): void
  /** null: there is nothing to remove yet, or nothing would be left. */
  onRemove: (() => void) | null
  onClose(): void
}

/** Everything about one task that is not approved yet. */
export function TaskEditor({ task, others, change, onSave, onRemove, onClose }: TaskEditorProps) {
  const [draft, setDraft] = useState(task)
  const [files, setFiles] = useState(task.files.join('\n'))
  const edit = (changes: Partial<TaskDefinition>): void => setDraft((before) => ({ ...before, ...changes }))
  const minutes = (changes: Partial<TaskDefinition['minutes']>): void => edit({ minutes: { ...draft.minutes, ...changes } })
  return (
    <Dialog
      title={task.title === '' ? 'Add a task' : 'Change the task'}
      width="lg"
      onClose={onClose}
      footer={
        <>
          {onRemove !== null && (
            <Button className="mr-auto text-danger-text" onClick={onRemove}>
              Remove
            </Button>
          )}
          <Button type="submit" form="task" variant="primary" aria-busy={change.isPending}>
            Save task
          </Button>
        </>
      }
    >
      <form
        id="task"
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          onSave({ ...draft, title: draft.title.trim(), description: draft.description.trim(), files: linesOf(files) })
        }}
      >
        <TextField label="Title" required maxLength={200} value={draft.title} onChange={({ target }) => edit({ title: target.value })} />
        <TextArea
          label="What has to be done"
          required
          maxLength={6_000}
          value={draft.description}
          onChange={({ target }) => edit({ description: target.value })}
        />
        <TextArea label="Files" placeholder="One path on each line" value={files} onChange={({ target }) => setFiles(target.value)} />
        <div className="grid gap-3 sm:grid-cols-3">
          <SelectField label="Size" value={draft.size} onChange={({ target }) => edit({ size: target.value as TaskDefinition['size'] })}>
            <option value="small">small</option>
            <option value="medium">medium</option>
            <option value="large">large</option>
          </SelectField>
          <TextField
            label="Minutes, at least"
            type="number"
            min={1}
            max={10_000}
            value={draft.minutes.low}
            onChange={({ target }) => minutes({ low: target.valueAsNumber || 1 })}
          />
          <TextField
            label="Minutes, at most"
            type="number"
            min={draft.minutes.low}
            max={10_000}
            value={draft.minutes.high}
            onChange={({ target }) => minutes({ high: target.valueAsNumber || 1 })}
          />
        </div>
        {others.length > 0 && (
          <fieldset>
            <legend className="mb-1 text-sm font-medium">Comes after</legend>
            <div className="space-y-1">
              {others.map(({ key, title }) => (
                <label key={key} className="flex items-start gap-2 text-sm">
                  <input
                    type="checkbox"
                    className="mt-0.5 size-4 shrink-0 accent-accent"
                    checked={draft.dependsOn.includes(key)}
                    onChange={({ target }) =>
                      edit({ dependsOn: target.checked ? [...draft.dependsOn, key] : draft.dependsOn.filter((other) => other !== key) })
                    }
                  />
                  <span className="min-w-0 break-words">{title}</span>
                </label>
              ))}
            </div>
          </fieldset>
        )}
        {change.isError && <ErrorLine error={change.error} />}
      </form>
    </Dialog>
  )
}

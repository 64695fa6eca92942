'use client'

import { SelectField } from '../../../controls/select-field.tsx'
import { TextField } from '../../../controls/text-field.tsx'
import { choicesFor, FIELDS, fieldNames, NOT_USED, type QueueForm, STATES, stateNames } from './queue-form.ts'
import type { Database } from './use-queues.ts'

interface FieldChoicesProps {
  form: QueueForm
  database: Database | undefined
  onChange(change: Partial<QueueForm>): void
}

/** Which field of the database means what, and what its states are called. */
export function FieldChoices({ form, database, onChange }: FieldChoicesProps) {
  return (
    <>
      <details>
        <summary className="cursor-pointer text-sm font-medium">Which field means what</summary>
        <div className="mt-2 grid grid-cols-1 gap-3 sm:grid-cols-2">
          {fieldNames.map((name) => (
            <SelectField
              key={name}
              label={FIELDS[name]}
              value={form.fields[name]}
              onChange={({ target }) => onChange({ fields: { ...form.fields, [name]: target.value } })}
            >
              <option value="">found by itself</option>
              {choicesFor(database, name).map((property) => (
                <option key={property.id} value={property.id}>
                  {property.name}
                </option>
              ))}
              {name !== 'status' && <option value={NOT_USED}>not used</option>}
            </SelectField>
          ))}
        </div>
      </details>
      <details>
        <summary className="cursor-pointer text-sm font-medium">What the states are called</summary>
        <div className="mt-2 grid grid-cols-1 gap-3 sm:grid-cols-2">
          {stateNames.map((name) => (
            <TextField
              key={name}
              label={STATES[name]}
              required
              maxLength={100}
              value={form.states[name]}
              onChange={({ target }) => onChange({ states: { ...form.states, [name]: target.value } })}
            />
          ))}
        </div>
      </details>
    </>
  )
}

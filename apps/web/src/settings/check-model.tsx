'use client'

import { useMutation } from '@tanstack/react-query'
import type { checkModel } from '@slipway/server/contract/workbench-routes'
import { CircleCheck } from 'lucide-react'
import { useId, useState } from 'react'
import { call } from '../api/client.ts'
import { useModelChoices } from '../composer/use-choices.ts'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { ErrorLine } from '../states/error-state.tsx'

/** Asks a provider whether a model would answer, and says what it said. */
export function CheckModel({ onOk }: { onOk?(model: string): void }) {
  const { data } = useModelChoices()
  const list = useId()
  const [model, setModel] = useState('')
  const check = useMutation({
    mutationFn: () => call<typeof checkModel>('POST /models/check', { body: { model: model.trim() } }),
    onSuccess: ({ isOk }) => isOk && onOk?.(model.trim()),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        check.mutate()
      }}
    >
      <div className="flex flex-wrap items-end gap-2">
        <TextField
          label="Model"
          className="min-w-56 flex-1"
          list={list}
          required
          minLength={3}
          placeholder="provider/model"
          spellCheck={false}
          value={model}
          onChange={({ target }) => {
            setModel(target.value)
            check.reset()
          }}
        />
        <datalist id={list}>
          {data?.models.map((choice) => (
            <option key={choice.model} value={choice.model} />
          ))}
        </datalist>
        <Button type="submit" aria-busy={check.isPending}>
          {check.isPending ? 'Asking …' : 'Test'}
        </Button>
      </div>
      <div aria-live="polite" className="mt-2">
        {check.isError && <ErrorLine error={check.error} />}
        {check.data?.isOk === true && (
          <p className="flex items-start gap-1.5 text-sm text-success-text">
            <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" /> {check.data.message}
          </p>
        )}
        {check.data?.isOk === false && <p className="text-sm text-danger-text">{check.data.message}</p>}
      </div>
    </form>
  )
}

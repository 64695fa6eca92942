'use client'

import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { TextField } from '../controls/text-field.tsx'
import { preferencesOf, useChangePreferences, useMe } from '../identity/use-me.ts'
import { ErrorLine } from '../states/error-state.tsx'
import { toasts } from '../toasts/toasts.ts'
import { Budgets } from '../usage/budgets.tsx'
import { Block } from './block.tsx'

export function BudgetsSection() {
  return (
    <>
      <Budgets title="Your limits" />
      <SessionLimit />
    </>
  )
}

function SessionLimit() {
  const { data: me } = useMe()
  const change = useChangePreferences()
  const before = preferencesOf(me).budgetUsd
  const [typed, setTyped] = useState(before === undefined ? '' : String(before))
  return (
    <Block title="Each session" note="What the composer begins with.">
      <form
        className="flex flex-wrap items-end gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          change.mutate({ budgetUsd: typed === '' ? undefined : Number(typed) }, { onSuccess: () => toasts.add({ text: 'Saved' }) })
        }}
      >
        <TextField
          label="At most, in dollars"
          className="w-48"
          type="number"
          inputMode="decimal"
          min={0.01}
          step={0.01}
          max={100_000}
          placeholder="the server’s limit"
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
        <Button type="submit" aria-busy={change.isPending}>
          Save
        </Button>
      </form>
      {change.isError && <ErrorLine error={change.error} />}
    </Block>
  )
}

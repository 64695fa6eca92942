'use client'

import { Box, CircleDollarSign, Cpu, GitBranch } from 'lucide-react'
import { useState } from 'react'
import { Chip } from '../controls/chip.tsx'
import { Picker, preloadPicker } from '../controls/picker.tsx'
import { TextField } from '../controls/text-field.tsx'
import { messageOf } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { describeModel } from './describe-model.tsx'
import { estimateRange, estimateReason } from './describe-estimate.ts'
import type { Draft } from './draft.ts'
import { splitModel } from './model-name.ts'
import { useBranches, useEstimate, useModelChoices } from './use-choices.ts'

export interface ChipsProps {
  draft: Draft
  onChange(change: Partial<Draft>): void
}

export function BranchChip({ draft, onChange }: ChipsProps) {
  const [isWanted, setWanted] = useState(false)
  const branches = useBranches(draft.repository, isWanted)
  const names = branches.data?.branches ?? []
  return (
    <Chip
      icon={GitBranch}
      label="Start from"
      value={draft.base ?? branches.data?.defaultBranch ?? 'default branch'}
      isDisabled={draft.repository === null}
      onNear={preloadPicker}
      onOpenChange={setWanted}
    >
      {(close) =>
        branches.isPending ? (
          <SkeletonRows rows={4} label="the branches" />
        ) : (
          <Picker
            label="Branch to start from"
            search="Name of a branch"
            value={draft.base}
            options={names.map((name) => ({
              value: name,
              name: <span className="font-mono text-xs">{name}</span>,
              badge: name === branches.data?.defaultBranch ? <span className="text-2xs text-muted">default</span> : undefined,
            }))}
            other={(typed) => `Start from ${typed}`}
            note={branches.isError ? `${messageOf(branches.error)} You can still type a name.` : undefined}
            onChoose={(base) => {
              onChange({ base: base === branches.data?.defaultBranch ? null : base })
              close()
            }}
          />
        )
      }
    </Chip>
  )
}

const ENVIRONMENTS = [
  { value: 'best', name: 'Best available', hint: 'The strongest sandbox that passes its self-test on this server.' },
  { value: 'docker', name: 'Docker', hint: 'A container of its own with the image of this installation.' },
  { value: 'bubblewrap', name: 'Bubblewrap', hint: 'Linux namespaces: starts at once, uses the programs of the server.' },
]

export function SandboxChip({ draft, onChange }: ChipsProps) {
  const current = ENVIRONMENTS.find(({ value }) => value === (draft.sandbox ?? 'best'))
  return (
    <Chip icon={Box} label="Environment" value={draft.sandbox === null ? 'Sandbox' : current?.name} onNear={preloadPicker}>
      {(close) => (
        <Picker
          label="Environment"
          value={draft.sandbox ?? 'best'}
          options={ENVIRONMENTS}
          onChoose={(value) => {
            onChange({ sandbox: value === 'best' ? null : (value as Draft['sandbox']) })
            close()
          }}
        />
      )}
    </Chip>
  )
}

export function ModelChip({ draft, onChange }: ChipsProps) {
  const { data, error, isPending } = useModelChoices()
  const shown = draft.model ?? data?.models.find((model) => model.isDefault)?.model ?? null
  const isMissing = shown === null && !isPending
  return (
    <Chip
      icon={Cpu}
      label="Model"
      isMissing={isMissing}
      value={
        shown === null ? (
          isPending ? (
            'Model'
          ) : (
            'No model is set up'
          )
        ) : (
          <>
            <span className="text-muted">{splitModel(shown).provider}</span> {splitModel(shown).name}
          </>
        )
      }
      onNear={preloadPicker}
    >
      {(close) => (
        <Picker
          label="Model"
          search="provider/model"
          value={shown}
          options={(data?.models ?? []).map(describeModel)}
          other={(typed) => `Use ${typed}`}
          note={error === null ? 'Keys of providers are set on the server. Settings shows which are there.' : messageOf(error)}
          onChoose={(model) => {
            onChange({ model })
            close()
          }}
        />
      )}
    </Chip>
  )
}

export function BudgetChip({ draft, onChange }: ChipsProps) {
  const { data } = useModelChoices()
  const model = draft.model ?? data?.models.find((choice) => choice.isDefault)?.model ?? null
  const { data: estimate } = useEstimate(model)
  const range = estimate === undefined ? null : estimateRange(estimate)
  return (
    <Chip
      icon={CircleDollarSign}
      label="Budget"
      value={
        <>
          {draft.budgetUsd === null ? 'Budget' : `at most $${draft.budgetUsd}`}
          {range !== null && <span className="text-muted"> · {range === 'free' ? range : `≈ ${range}`}</span>}
        </>
      }
    >
      {(close) => (
        <form
          className="space-y-3 p-2"
          onSubmit={(event) => {
            event.preventDefault()
            close()
          }}
        >
          <TextField
            label="At most, in dollars"
            type="number"
            inputMode="decimal"
            min={0.01}
            max={100_000}
            step={0.01}
            autoFocus
            placeholder="the server’s limit"
            value={draft.budgetUsd ?? ''}
            onChange={({ target }) => onChange({ budgetUsd: target.value === '' ? null : target.valueAsNumber })}
            hint="When it is used up, the session pauses and asks."
          />
          {estimate !== undefined && (
            <p className="text-xs text-muted">
              {range !== null && <span className="font-medium text-foreground">{range === 'free' ? 'Free. ' : `About ${range}. `}</span>}
              {estimateReason(estimate)}
            </p>
          )}
        </form>
      )}
    </Chip>
  )
}

'use client'

import { Command } from 'cmdk'
import { Check } from 'lucide-react'
import { useState, type ReactNode } from 'react'

export interface PickerOption {
  value: string
  name: ReactNode
  hint?: ReactNode
  /** Right end of the row. */
  badge?: ReactNode
  group?: string
  isDisabled?: boolean
}

interface PickerListProps {
  label: string
  value: string | null
  options: readonly PickerOption[]
  onChoose(value: string): void
  /** Placeholder of the search field; left out where the choices are few. */
  search?: string
  /** Whether what was typed may be chosen although it is not in the list; says what choosing it does. */
  other?: (typed: string) => string
  /** Told of each key, for lists that are asked for by what was typed. */
  onType?: (typed: string) => void
  /** Below the choices. */
  note?: ReactNode
}

export function PickerList({ label, value, options, onChoose, search, other, onType, note }: PickerListProps) {
  const [typed, setTyped] = useState('')
  const text = typed.trim()
  const groups = [...new Set(options.map(({ group = '' }) => group))]
  return (
    <Command
      label={label}
      loop
      className="outline-none"
      defaultValue={value ?? undefined}
      ref={search === undefined ? focusFirst : undefined}
    >
      {search !== undefined && (
        <Command.Input
          autoFocus
          // Uncontrolled: so the choice follows each key at once, also when Enter comes right behind it.
          onValueChange={(text) => {
            setTyped(text)
            onType?.(text)
          }}
          placeholder={search}
          className="mb-1 h-8 w-full border-b border-separator bg-transparent px-2 text-sm outline-none placeholder:text-field-placeholder focus:border-accent"
        />
      )}
      <Command.List>
        <Command.Empty className="px-2 py-3 text-sm text-muted">{other === undefined ? 'Nothing of that name.' : null}</Command.Empty>
        {groups.map((group) => (
          <Command.Group
            key={group}
            heading={group === '' ? undefined : group}
            className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:py-1 **:[[cmdk-group-heading]]:text-2xs **:[[cmdk-group-heading]]:font-medium **:[[cmdk-group-heading]]:text-muted"
          >
            {options
              .filter((option) => (option.group ?? '') === group)
              .map((option) => (
                <Row key={option.value} option={option} isChosen={option.value === value} onChoose={onChoose} />
              ))}
          </Command.Group>
        ))}
        {other !== undefined && text !== '' && !options.some((option) => option.value === text) && (
          <Command.Item forceMount value={`other ${text}`} onSelect={() => onChoose(text)} className={ROW}>
            <span className="min-w-0 break-all">{other(text)}</span>
          </Command.Item>
        )}
      </Command.List>
      {note !== undefined && <div className="mt-1 border-t border-separator px-2 py-2 text-xs text-muted">{note}</div>}
    </Command>
  )
}

const ROW =
  'flex min-h-8 cursor-pointer items-center gap-2 rounded-md px-2 py-1.5 text-sm aria-disabled:cursor-not-allowed aria-disabled:opacity-55 data-[selected=true]:bg-default'

function Row({ option, isChosen, onChoose }: { option: PickerOption; isChosen: boolean; onChoose(value: string): void }) {
  return (
    <Command.Item value={option.value} disabled={option.isDisabled} onSelect={() => onChoose(option.value)} className={ROW}>
      <span className="min-w-0 flex-1">
        <span className="block break-words">{option.name}</span>
        {option.hint !== undefined && <span className="line-clamp-2 text-xs break-words text-muted">{option.hint}</span>}
      </span>
      {option.badge}
      <Check
        aria-label={isChosen ? 'chosen' : undefined}
        aria-hidden={!isChosen}
        className={`size-4 shrink-0 ${isChosen ? '' : 'invisible'}`}
      />
    </Command.Item>
  )
}

/** Without a search field the list itself takes the keys. */
function focusFirst(list: HTMLDivElement | null): void {
  list?.focus()
}

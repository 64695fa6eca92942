import { useId, type ReactNode } from 'react'

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  options: readonly { value: Value; name: string; hint?: ReactNode; isDisabled?: boolean }[]
  onChange(value: Value): void
  isLabelHidden?: boolean
  /** What is shown as chosen is on its way to the server. */
  isSaving?: boolean
}

/** One of a few, each with what it means; arrow keys move between them. */
export function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
  isLabelHidden = false,
  isSaving = false,
}: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset aria-busy={isSaving}>
      <legend className={isLabelHidden ? 'sr-only' : 'mb-1.5 text-sm font-medium'}>{label}</legend>
      <div className="divide-y divide-separator overflow-hidden rounded-md border border-border">
        {options.map((option) => (
          <label
            key={option.value}
            className="flex cursor-pointer items-start gap-2.5 bg-surface px-3 py-2.5 hover:bg-surface-secondary has-checked:bg-accent-soft has-disabled:cursor-not-allowed has-disabled:opacity-60"
          >
            <input
              type="radio"
              name={name}
              checked={option.value === value}
              disabled={option.isDisabled}
              onChange={() => onChange(option.value)}
              className="mt-0.5 size-4 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="block text-sm font-medium">{option.name}</span>
              {option.hint !== undefined && <span className="block text-xs text-muted">{option.hint}</span>}
            </span>
            {isSaving && option.value === value && (
              <span aria-hidden className="ml-auto shrink-0 text-xs text-muted">
                Saving …
              </span>
            )}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

import { useId, type ComponentProps, type ReactNode } from 'react'

export interface TextFieldProps extends Omit<ComponentProps<'input'>, 'id'> {
  label: string
  hint?: ReactNode
  /** What is wrong with what was typed; announced. */
  error?: string | null
}

export const inputClass =
  'h-8 w-full min-w-0 rounded-md border border-field-border bg-field px-2.5 text-sm text-field-foreground text-ellipsis placeholder:text-field-placeholder hover:border-border-strong aria-invalid:border-danger disabled:opacity-60'

/** One line of text with its label. */
export function TextField({ label, hint, error = null, className = '', ...props }: TextFieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <input
        id={id}
        aria-invalid={error !== null}
        aria-describedby={error !== null || hint !== undefined ? `${id}-note` : undefined}
        className={inputClass}
        {...props}
      />
      <FieldNote id={`${id}-note`} hint={hint} error={error} />
    </div>
  )
}

export function FieldNote({ id, hint, error }: { id: string; hint?: ReactNode; error: string | null }) {
  if (error !== null)
    return (
      <p id={id} role="alert" className="mt-1 text-xs text-danger-text">
        {error}
      </p>
    )
  if (hint === undefined) return null
  return (
    <p id={id} className="mt-1 text-xs text-muted">
      {hint}
    </p>
  )
}

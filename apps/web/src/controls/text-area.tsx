import { useId, type ComponentProps, type ReactNode } from 'react'
import { FieldNote } from './text-field.tsx'

interface TextAreaProps extends Omit<ComponentProps<'textarea'>, 'id'> {
  label: string
  hint?: ReactNode
  error?: string | null
}

/** Several lines of text with their label; grows with what is typed. */
export function TextArea({ label, hint, error = null, className = '', ...props }: TextAreaProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className="mb-1 block text-sm font-medium">
        {label}
      </label>
      <textarea
        id={id}
        rows={2}
        aria-invalid={error !== null}
        aria-describedby={error !== null || hint !== undefined ? `${id}-note` : undefined}
        className="block field-sizing-content max-h-[60dvh] min-h-9 w-full min-w-0 resize-none rounded-md border border-field-border bg-field px-2.5 py-1.5 text-sm text-field-foreground placeholder:text-field-placeholder hover:border-border-strong disabled:opacity-60 aria-invalid:border-danger"
        {...props}
      />
      <FieldNote id={`${id}-note`} hint={hint} error={error} />
    </div>
  )
}

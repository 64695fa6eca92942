import { ChevronDown } from 'lucide-react'
import { useId, type ComponentProps, type ReactNode } from 'react'
import { FieldNote, inputClass } from './text-field.tsx'

export interface SelectFieldProps extends Omit<ComponentProps<'select'>, 'id'> {
  label: string
  hint?: ReactNode
  error?: string | null
  /** The label is only for screen readers. */
  isLabelHidden?: boolean
}

/** The browser's own list of choices, with its label. Give it `<option>`s. */
export function SelectField({ label, hint, error = null, isLabelHidden = false, className = '', children, ...props }: SelectFieldProps) {
  const id = useId()
  return (
    <div className={className}>
      <label htmlFor={id} className={isLabelHidden ? 'sr-only' : 'mb-1 block text-sm font-medium'}>
        {label}
      </label>
      <div className="relative">
        <select
          id={id}
          aria-describedby={error !== null || hint !== undefined ? `${id}-note` : undefined}
          className={`${inputClass} appearance-none pr-7`}
          {...props}
        >
          {children}
        </select>
        <ChevronDown aria-hidden className="pointer-events-none absolute top-2 right-2 size-4 text-muted" />
      </div>
      <FieldNote id={`${id}-note`} hint={hint} error={error} />
    </div>
  )
}

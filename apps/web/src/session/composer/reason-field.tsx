import { useId } from 'react'

/** A few words beside a decision. */
export function ReasonField({ value, onChange, label }: { value: string; onChange: (text: string) => void; label: string }) {
  const id = useId()
  return (
    <div className="min-w-40 flex-1 max-sm:basis-full">
      <label htmlFor={id} className="text-xs text-muted">
        {label}
      </label>
      <input
        id={id}
        value={value}
        maxLength={20_000}
        onChange={(event) => onChange(event.target.value)}
        className="mt-0.5 block h-7 w-full rounded-md border border-field-border bg-field px-2 text-sm"
      />
    </div>
  )
}

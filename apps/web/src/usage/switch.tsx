interface Props<Value extends string> {
  label: string
  options: readonly { value: Value; name: string }[]
  value: Value
  onChange(value: Value): void
}

/** A few ways to look at the same. */
export function Switch<Value extends string>({ label, options, value, onChange }: Props<Value>) {
  return (
    <div role="group" aria-label={label} className="flex w-fit rounded-md border border-border p-0.5">
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className="h-6.5 rounded px-2 text-xs text-muted hover:text-foreground aria-pressed:bg-default aria-pressed:text-foreground"
        >
          {option.name}
        </button>
      ))}
    </div>
  )
}

/** Look of the small choices in the bars of panels. */
export const selectClass =
  'h-7 min-w-0 rounded-md border border-field-border bg-field px-1.5 text-xs text-field-foreground hover:border-border-strong'

/** `940`, `9.4k`, `128k`, `1.2M`: for token counts and bytes of text where three figures say enough. */
export function formatCount(count: number): string {
  if (count < 1_000) return String(count)
  if (count < 999_500) return `${shorten(count / 1_000)}k`
  return `${shorten(count / 1_000_000)}M`
}

/** `1 file`, `3 files`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-GB')} ${count === 1 ? one : many}`
}

function shorten(value: number): string {
  return value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : String(Math.round(value))
}

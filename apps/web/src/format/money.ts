/** Micro-dollars as people read them: `$0.00`, `<$0.01`, `$1.24`, `$1,240`. */
export function formatMoney(micros: number): string {
  if (micros > 0 && micros < 10_000) return '<$0.01'
  const dollars = micros / 1_000_000
  const digits = dollars >= 1_000 ? 0 : 2
  return `$${dollars.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

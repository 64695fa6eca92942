/** Micro-dollars as people read them: `$0.00`, `<$0.01`, `$1.24`, `$1,240`. */
export function formatMoney(micros: number): string {
  if (micros > 0 && micros < 10_000) return '<$0.01'
  const dollars = micros / 1_000_000
  const digits = dollars >= 1_000 ? 0 : 2
  return `$${dollars.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits })}`
}

/** On an axis up to `mostMicros`: as many digits as tell its marks apart. */
export function formatMoneyTick(micros: number, mostMicros: number): string {
  if (micros === 0) return '$0'
  const dollars = micros / 1_000_000
  const digits = mostMicros >= 10_000_000 ? 0 : mostMicros >= 100_000 ? 2 : 4
  return `$${dollars.toLocaleString('en-GB', { minimumFractionDigits: Math.min(2, digits), maximumFractionDigits: digits })}`
}

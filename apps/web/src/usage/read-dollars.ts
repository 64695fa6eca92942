export type Dollars = { ok: true; dollars: number } | { ok: false; message: string }

const MOST = 1_000_000

/** What somebody typed as a limit: dollars and whole cents. */
export function readDollars(text: string): Dollars {
  const typed = text.trim().replace(/^\$\s*/, '')
  if (typed === '') return { ok: false, message: 'Type an amount in dollars, such as 20.' }
  if (!/^\d+(\.\d{1,2})?$/.test(typed)) return { ok: false, message: 'Type dollars with at most two decimals, such as 12.50.' }
  const dollars = Number(typed)
  if (dollars < 0.01) return { ok: false, message: 'The smallest limit is $0.01. Remove the limit to have none.' }
  if (dollars > MOST) return { ok: false, message: 'The largest limit is $1,000,000.' }
  return { ok: true, dollars }
}

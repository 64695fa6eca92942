import { formatMoney } from '../format/money.ts'
import { plural } from '../format/count.ts'
import type { Estimate } from './use-choices.ts'

/** `$0.12–0.80`; null where nothing is known. */
export function estimateRange({ basis, lowMicros, highMicros }: Estimate): string | null {
  if (basis === 'free') return 'free'
  if (lowMicros === null || highMicros === null) return null
  const low = formatMoney(lowMicros)
  const high = formatMoney(highMicros)
  return low === high ? low : `${low}–${high.replace('$', '')}`
}

/** Where the estimate comes from, as a sentence. */
export function estimateReason({ basis, sessions }: Estimate): string {
  switch (basis) {
    case 'history':
      return `The middle half of your ${plural(sessions, 'session')} with this model cost that.`
    case 'typical':
      return 'The price of a small and of a long session at this model’s list price.'
    case 'free':
      return 'This model costs nothing.'
    case 'unknown':
      return 'The price of this model is not known, so nothing can be estimated. A budget still ends what can be counted.'
  }
}

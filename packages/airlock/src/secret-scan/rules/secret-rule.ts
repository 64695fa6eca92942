// How a kind of secret is described. Rules are data: a shape, words that must be near for it to be worth looking, and how random the value must be.

export interface SecretRule {
  id: string
  /** Lower case. The shape is looked for only in texts that hold one of these. */
  keywords: string[]
  /** Global; the first group, or else the whole match, is the secret. */
  pattern: RegExp
  /** Bits per character that the secret must have; shapes that say it all have a low one. */
  minEntropy: number
  /** token: the value alone gives itself away. context: a name beside it does. generic: a name that could mean any kind. */
  kind: 'token' | 'context' | 'generic'
}

// A letter before the token means that it is part of a longer word, unless it belongs to an escape such as \n.
const start = '(?:(?<![A-Za-z0-9])|(?<=\\\\[nrt]))'
const end = '(?![A-Za-z0-9])'

/** A token that is recognised by its own shape. */
export function token(id: string, keywords: string[], source: string, minEntropy = 2.5): SecretRule {
  return { id, keywords, pattern: new RegExp(`${start}(?:${source})${end}`, 'g'), minEntropy, kind: 'token' }
}

/** A value without a shape of its own, given to a name: `NAME = "value"`, `name: value`, `<name>value`, `name => 'value'`. */
export function assigned(id: string, keywords: string[], names: string, value: string, minEntropy = 3): SecretRule {
  const between = `[A-Za-z0-9_.\\-]{0,24}["'\\]]{0,2}\\s{0,4}(?:=>|:=|[=:,(>])\\s{0,4}["'\`]?`
  return { id, keywords, pattern: new RegExp(`(?:${names})${between}(${value})(?![A-Za-z0-9])`, 'gi'), minEntropy, kind: 'context' }
}

export const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

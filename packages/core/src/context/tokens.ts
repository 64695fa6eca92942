// A token estimate without a tokenizer: good enough to decide when to prune, a little high so that the decision is never late.

/**
 * Estimated tokens of a text: about 3.3 characters a token in prose, 3 in code, 2.5 in numbers, one in CJK. Older tokenizers need fewer,
 * the newest ones a little more (Anthropic names 2.5 characters for its models since 2026). Providers report the true number afterwards.
 */
export function estimateTokens(text: string): number {
  let narrow = 0
  let symbols = 0
  let middle = 0
  let wide = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit >= 0x2e80) wide++
    else if (unit >= 0x80) middle++
    else if (isWordUnit(unit)) narrow++
    else symbols++
  }
  return Math.ceil(narrow / 3.4 + symbols / 2 + middle / 1.8 + wide / 0.9)
}

// Letters, digits, space and underscore. Everything else in ASCII tends to be a token of its own or nearly so.
function isWordUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x20 || unit === 0x5f
}

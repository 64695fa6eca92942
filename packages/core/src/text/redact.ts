// Takes credentials out of text on its way to a log or a screen, also those whose value nobody here knows.

import { findCredentials } from './credential-patterns.ts'
import { makeLiteralFinder } from './find-literals.ts'
import { maskRanges } from './mask-ranges.ts'
import { formsOfAll } from './secret-forms.ts'

/**
 * Returns a function that replaces each of the secrets (8 characters or longer) by `[secret]` in every form of `secretForms`,
 * and whatever looks like a provider's key, a bearer token, a private key or a URL's login.
 */
export function makeRedactor(secrets: readonly string[]): (text: string) => string {
  const finder = makeLiteralFinder(formsOfAll(secrets))
  return (text) => maskRanges(text, [...finder.find(text), ...finder.findEnds(text), ...findCredentials(text)])
}

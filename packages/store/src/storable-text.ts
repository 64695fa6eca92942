// PostgreSQL text cannot hold NUL, and neither UTF-8 nor strict JSON readers accept half a surrogate pair.

const unstorable = /[\0\p{Surrogate}]/gu

/** The text without NUL and lone surrogates. */
export function storableText(text: string): string {
  return text.replace(unstorable, '')
}

/** JSON text of the value as it can be stored; `value` is what that text reads back as. */
export function storableJson<T>(value: T): { json: string; value: T } {
  const json = JSON.stringify(value)
  // JSON.stringify writes both as escapes, so text without these escapes (the usual case) is clean as it is.
  if (!/\\u(?:0000|d[89a-f])/i.test(json)) return { json, value }
  const cleaned = JSON.stringify(cleanedValue(value))
  return { json: cleaned, value: JSON.parse(cleaned) as T } // same shape, shorter strings
}

function cleanedValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value)
  if (Array.isArray(value)) return value.map(cleanedValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storableText(key), cleanedValue(inner)]))
}

/** PostgreSQL rejects text with NUL as an error; whoever asks for such an id should hear that it does not exist. */
export function isPossibleId(id: string): boolean {
  return !id.includes('\0')
}

/** character_not_in_repertoire, untranslatable_character: https://www.postgresql.org/docs/15/errcodes-appendix.html */
const unstorableCodes = new Set(['22021', '22P05'])

/** Whether a query failed because it was given text with NUL or half a character. */
export function isUnstorableText(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && unstorableCodes.has(error.code)
}

/**
 * JSON with object keys in code-unit order, so that equal values give equal text whatever order they were built in.
 * Otherwise it writes what `JSON.stringify` writes; a value that has no JSON form (undefined, a function) throws.
 */
export function stableJson(value: unknown): string {
  const text = JSON.stringify(value, (_key, inner: unknown) => (isPlainObject(inner) ? sortKeys(inner) : inner))
  if (text === undefined) throw new TypeError(`stableJson: a ${typeof value} has no JSON form`)
  return text
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

// Integer-like keys come first in any JavaScript object, in numeric order: still one fixed order. A null prototype keeps `__proto__` a plain key.
function sortKeys(object: Record<string, unknown>): Record<string, unknown> {
  const sorted: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(object).sort()) sorted[key] = object[key]
  return sorted
}

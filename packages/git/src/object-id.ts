// Object ids as git prints them in full: 40 hexadecimal digits (SHA-1) or 64 (SHA-256).

export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text)
}

/** Throws unless the text is a full object id, so that it can never be read as an option, a range or a path. */
export function requireObjectId(text: string): string {
  if (!isObjectId(text)) throw new Error(`Not a full object id: ${JSON.stringify(text.slice(0, 80))}`)
  return text
}

export function objectFormatOf(oid: string): 'sha1' | 'sha256' {
  return oid.length === 64 ? 'sha256' : 'sha1'
}

/** The id that stands for "nothing" in ref updates of the same hash. */
export function nullObjectId(oid: string): string {
  return '0'.repeat(oid.length)
}

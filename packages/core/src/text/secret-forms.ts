// The shapes in which a known secret may turn up in output.

/** A shorter value is too likely to stand in ordinary text. */
const SHORTEST_SECRET = 8

/** Lines of a multi-line secret, such as a key file, count from this length on. */
const SHORTEST_LINE = 20

/** Every form of each secret; those that are too short to tell from text are left out. */
export function formsOfAll(secrets: readonly string[]): string[] {
  return [...new Set(secrets.filter((secret) => secret.trim().length >= SHORTEST_SECRET).flatMap(secretForms))]
}

/**
 * Every form of the secret to look for: plain, trimmed, by line, reversed, in UTF-16, in base64 at each alignment (also of its UTF-16
 * and twice over), base64url, hex, percent-encoded, escaped for JSON, HTML and programs.
 */
function secretForms(secret: string): string[] {
  const values = [secret, secret.trim(), ...keyLines(secret)].filter((value) => value.length >= SHORTEST_SECRET)
  const forms = new Set(values.flatMap(encodings))
  return [...forms].filter((form) => form.length >= SHORTEST_SECRET)
}

function keyLines(secret: string): string[] {
  if (!secret.includes('\n')) return []
  return secret
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
}

function encodings(value: string): string[] {
  const bytes = new TextEncoder().encode(value)
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const percent = encodeURIComponent(value.toWellFormed())
  const everyPercent = hex.replace(/../g, '%$&')
  const base64 = base64Forms(bytes)
  const wide = [...value].map((character) => `${character}\0`).join('')
  const json = JSON.stringify(value).slice(1, -1)
  return [
    value,
    [...value].reverse().join(''),
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    ...base64.flatMap((form) => base64Forms(new TextEncoder().encode(form))),
    ...base64Forms(new TextEncoder().encode(wide)),
    // The last byte may be cut off with whatever follows.
    wide.slice(0, -1),
    hex,
    hex.toUpperCase(),
    hex.replace(/..(?=.)/g, '$& '),
    hex.replace(/../g, '\\x$&'),
    percent,
    percent.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    percent.replaceAll('%20', '+'),
    everyPercent,
    everyPercent.toUpperCase(),
    json,
    JSON.stringify(json).slice(1, -1),
    json.replaceAll('/', '\\/'),
    json.replace(/[<>&'+=]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
    escapeHtml(value),
  ]
}

function base64Forms(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((alignment) => base64Inside(bytes, alignment))
}

// The characters that depend on the value alone when it stands `alignment` bytes after a group's start, whatever is around it.
function base64Inside(bytes: Uint8Array, alignment: number): string {
  const padded = new Uint8Array(alignment + bytes.length)
  padded.set(bytes, alignment)
  const text = encodeBase64(padded)
  return text.slice(Math.ceil((alignment * 8) / 6), Math.floor((padded.length * 8) / 6))
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

function encodeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let index = 0; index < bytes.length; index += 3) {
    const group = (bytes[index]! << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0)
    text += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]! + ALPHABET[(group >> 6) & 63]! + ALPHABET[group & 63]!
  }
  return text
}

function escapeHtml(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;')
}

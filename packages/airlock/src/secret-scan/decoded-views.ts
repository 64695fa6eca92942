// The same text with its disguises taken off: base64, hexadecimal, percent and backslash escapes, joined string literals, gzip in base64, invisible characters.

import { gunzipSync } from 'node:zlib'

export interface View {
  text: string
  /** Where it starts in the text it came from. */
  offset: number
  /** joined: pieces that may never have belonged together, so that names beside values mean nothing. */
  kind: 'decoded' | 'joined'
}

const maxRun = 200_000
const maxUnzippedBytes = 1_000_000

/** Views one layer down. Text is one character per byte. */
export function* decodedViews(text: string): Generator<View> {
  yield* base64Views(text)
  yield* hexViews(text)
  if (text.includes('%')) yield* replacedViews(text, /(?:[A-Za-z0-9._~+/=-]*%[0-9A-Fa-f]{2}){2}[A-Za-z0-9._~+/=%-]*/g, decodePercent)
  if (text.includes('\\x') || text.includes('\\u'))
    yield* replacedViews(text, /(?:[^\s"'`\\]{0,40}\\(?:x[0-9A-Fa-f]{2}|u00[0-9A-Fa-f]{2})){4,}[^\s"'`\\]*/g, decodeEscapes)
  yield* unquotedViews(text)
  yield* joinedViews(text)
  const visible = withoutInvisible(text)
  if (visible !== null) yield { text: visible, offset: 0, kind: 'decoded' }
}

function* base64Views(text: string): Generator<View> {
  for (const match of text.matchAll(/[A-Za-z0-9+/_-]{24,}={0,2}/g)) {
    const run = match[0]
    // The first bytes decide cheaply; almost every long word fails here.
    if (!isPrintable(fromBase64(run.slice(0, 24))) || run.length > maxRun) continue
    const decoded = fromBase64(run)
    if (isPrintable(decoded.slice(0, 2000))) yield { text: decoded, offset: match.index, kind: 'decoded' }
  }
  for (const match of text.matchAll(/H4sI[A-Za-z0-9+/_-]{20,}={0,2}/g)) {
    const content = match[0].length > maxRun ? null : unzipped(Buffer.from(match[0], 'base64'))
    if (content !== null) yield { text: content, offset: match.index, kind: 'decoded' }
  }
  // Wrapped at 60 to 76 characters, as mail and PEM files have it.
  for (const match of text.matchAll(/(?<![A-Za-z0-9+/])(?:[A-Za-z0-9+/]{60,76}\r?\n[ \t]*){1,2000}[A-Za-z0-9+/]{2,76}={0,2}/g)) {
    const run = match[0].replace(/\s+/g, '')
    if (run.length <= maxRun && isPrintable(fromBase64(run.slice(0, 24))))
      yield { text: fromBase64(run), offset: match.index, kind: 'decoded' }
  }
}

/** What a gzip holds, one character per byte; null when it is none, or larger than is looked into. */
function unzipped(bytes: Uint8Array): string | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnzippedBytes }).toString('latin1')
  } catch {
    return null
  }
}

function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString('latin1')
}

function* hexViews(text: string): Generator<View> {
  for (const match of text.matchAll(/(?:[0-9a-f]{2}){16,}|(?:[0-9A-F]{2}){16,}/g)) {
    if (!isPrintable(Buffer.from(match[0].slice(0, 24), 'hex').toString('latin1')) || match[0].length > maxRun) continue
    const decoded = Buffer.from(match[0], 'hex').toString('latin1')
    if (isPrintable(decoded.slice(0, 2000))) yield { text: decoded, offset: match.index, kind: 'decoded' }
  }
  if (!text.includes('0x')) return
  for (const match of text.matchAll(/(?:0x[0-9A-Fa-f]{2}[\s,;]{1,4}){15,}0x[0-9A-Fa-f]{2}/g)) {
    const decoded = match[0]
      .split(/[\s,;]+/)
      .map((byte) => String.fromCharCode(Number.parseInt(byte, 16)))
      .join('')
    if (isPrintable(decoded.slice(0, 2000))) yield { text: decoded, offset: match.index, kind: 'decoded' }
  }
}

function* replacedViews(text: string, pattern: RegExp, decode: (part: string) => string): Generator<View> {
  for (const match of text.matchAll(pattern)) {
    const decoded = decode(match[0])
    if (decoded !== match[0] && decoded.length >= 12) yield { text: decoded, offset: match.index, kind: 'decoded' }
  }
}

function decodePercent(text: string): string {
  return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function decodeEscapes(text: string): string {
  return text.replace(/\\(?:x([0-9A-Fa-f]{2})|u00([0-9A-Fa-f]{2}))/g, (_, one: string | undefined, two: string | undefined) =>
    String.fromCharCode(Number.parseInt(one ?? two ?? '', 16)),
  )
}

/** Each line that holds JSON as text of JSON, with its quotes bare. */
function* unquotedViews(text: string): Generator<View> {
  for (let at = text.indexOf('\\"'); at >= 0; ) {
    const start = text.lastIndexOf('\n', at) + 1
    const lineEnd = text.indexOf('\n', at)
    const end = lineEnd < 0 ? text.length : lineEnd
    yield { text: text.slice(start, end).replace(/\\+"/g, '"'), offset: start, kind: 'decoded' }
    at = text.indexOf('\\"', end)
  }
}

const literal = /"([^"\\\n]{0,300})"|'([^'\\\n]{0,300})'|`([^`\\\n$]{0,300})`/g
/** What stands between pieces that a program joins: an operator, a comma in a list, a line end, or nothing. */
const joint = /^[ \t]*(?:\\?\r?\n[ \t]*)?(?:\+|\.\.?|\|\||&|,|<>|~|\\)?[ \t]*(?:\\?\r?\n[ \t]*)?[furbFURB]?$/

function* joinedViews(text: string): Generator<View> {
  let pieces: string[] = []
  let offset = 0
  let lastEnd = -1
  for (const match of text.matchAll(literal)) {
    const content = match[1] ?? match[2] ?? match[3] ?? ''
    const gapLength = match.index - lastEnd
    if (lastEnd >= 0 && gapLength <= 60 && joint.test(text.slice(lastEnd, match.index))) {
      pieces.push(content)
    } else {
      if (pieces.length > 1) yield { text: pieces.join(''), offset, kind: 'joined' }
      pieces = [content]
      offset = match.index
    }
    lastEnd = match.index + match[0].length
  }
  if (pieces.length > 1) yield { text: pieces.join(''), offset, kind: 'joined' }
}

/** Without zero-width characters and soft hyphens (in UTF-8), or null when there are none. */
function withoutInvisible(text: string): string | null {
  if (!/\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xc2\xad|\xef\xbb\xbf/.test(text)) return null
  return text.replace(/\xe2\x80[\x8b-\x8f]|\xe2\x81\xa0|\xc2\xad|\xef\xbb\xbf/g, '')
}

function isPrintable(text: string): boolean {
  return text.length >= 8 && /^[\t\n\r\x20-\x7e]*$/.test(text)
}

// UTF-8 sizes of JavaScript strings without encoding them. A lone surrogate counts three bytes, as the replacement character it becomes.

/** Number of bytes the text takes as UTF-8. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if (isPairAt(text, index)) {
      bytes += 2
      index++
    } else bytes += 2
  }
  return bytes
}

/** Largest index so that `text.slice(0, index)` fits into `maxBytes` and ends between characters. */
export function prefixIndex(text: string, maxBytes: number): number {
  let bytes = 0
  let index = 0
  while (index < text.length) {
    const units = isPairAt(text, index) ? 2 : 1
    bytes += units === 2 ? 4 : unitBytes(text.charCodeAt(index))
    if (bytes > maxBytes) break
    index += units
  }
  return index
}

/** Smallest index so that `text.slice(index)` fits into `maxBytes` and starts between characters. */
export function suffixIndex(text: string, maxBytes: number): number {
  let bytes = 0
  let index = text.length
  while (index > 0) {
    const units = index >= 2 && isPairAt(text, index - 2) ? 2 : 1
    bytes += units === 2 ? 4 : unitBytes(text.charCodeAt(index - 1))
    if (bytes > maxBytes) break
    index -= units
  }
  return index
}

/** Whether a surrogate pair starts at the index. */
export function isPairAt(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00
}

function unitBytes(unit: number): number {
  if (unit < 0x80) return 1
  return unit < 0x800 ? 2 : 3
}

// File names for people: whatever could move the cursor, turn the reading direction or hide is written as an escape.

const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{fffd}\\]/gu

export function displayPath(path: string): string {
  const shown = path.replace(unsafe, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
  return shown.length > 300 ? `${shown.slice(0, 200)}…${shown.slice(-90)}` : shown
}

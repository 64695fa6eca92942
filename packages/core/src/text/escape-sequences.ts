// Terminal control sequences, 7-bit (ESC …) and 8-bit (C1), as ECMA-48 defines them.

// Strings (OSC, DCS, SOS, PM, APC) end at BEL, ST or, lest an open one hides the rest, at the end of the line.
const STRING = String.raw`(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)?`
const CONTROL = String.raw`(?:\u001b\[|\u009b)[\u0030-\u003f]*[\u0020-\u002f]*[\u0040-\u007e]?`
const OTHER = String.raw`\u001b[\u0020-\u002f]*[\u0030-\u007e]?`
const SEQUENCE = new RegExp(`${STRING}|${CONTROL}|${OTHER}`, 'g')

// Select Graphic Rendition, the one family that only colours.
const COLOUR = /^\u001b\[([\d;:]*)m$/

/** Replaces every sequence, complete or cut off, by what `keep` returns for it. */
export function replaceSequences(text: string, keep: (sequence: string) => string): string {
  return text.includes('\u001b') || /[\u0080-\u009f]/.test(text) ? text.replace(SEQUENCE, keep) : text
}

/** Whether a sequence does nothing but colour, and does not hide text. */
export function isPlainColour(sequence: string): boolean {
  const parameters = COLOUR.exec(sequence)?.[1]
  return parameters !== undefined && !hides(parameters.split(';'))
}

// 8 is "conceal", unless it is a part of an indexed (38;5;8) or a true colour (38;2;8;8;8).
function hides(parameters: readonly string[]): boolean {
  for (let index = 0; index < parameters.length; index++) {
    if (['38', '48', '58'].includes(parameters[index]!)) index += parameters[index + 1] === '5' ? 2 : parameters[index + 1] === '2' ? 4 : 0
    else if (Number(parameters[index]) === 8) return true
  }
  return false
}

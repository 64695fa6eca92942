// JSON for programs, printed where a person may read it.

/** The value as JSON; what a terminal would obey or hide is written as escapes, which parse to the same. */
export function printableJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(/[\u007f-\u009f\ufff9-\ufffb]|\p{Default_Ignorable_Code_Point}/gu, escaped)
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}

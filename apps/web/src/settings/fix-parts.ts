/** A piece of what the doctor advises. */
export interface FixPart {
  text: string
  /** It can be typed as it stands. */
  isCommand: boolean
}

/** A sentence begins with a capital letter and has its commands between backticks; anything else is one command. */
export function partsOf(fix: string): FixPart[] {
  const isSentence = fix.includes('`') || /^\p{Lu}[\p{Ll} ’]/u.test(fix)
  if (!isSentence) return [{ text: fix, isCommand: true }]
  return fix
    .split(/`([^`\n]+)`/)
    .map((text, at) => ({ text, isCommand: at % 2 === 1 }))
    .filter(({ text }) => text !== '')
}

// Characters that a reader does not see but a model does.

export type InvisibleKind = 'tag-characters' | 'bidirectional' | 'zero-width' | 'invisible' | 'control'

// Default-ignorable characters as Unicode defines them, interlinear annotation marks, and the C0 and C1 controls but tab and line ends.
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/gu
const EMOJI_BEFORE = /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier})\ufe0f?$/u
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u
const CAN_CHOOSE_STYLE = /[\p{Extended_Pictographic}0-9#*]$/u

/** The text without characters that cannot be seen; `onRemove` hears of each. What holds an emoji together stays. */
export function removeInvisible(text: string, onRemove: (kind: InvisibleKind) => void): string {
  return text.replace(INVISIBLE, (character, offset: number) => {
    if (isPartOfEmoji(text, character, offset)) return character
    onRemove(kindOf(character.codePointAt(0)!))
    return ''
  })
}

/** The text with tag and bidirectional characters as escapes; `onReveal` hears of each. */
export function revealInvisible(text: string, onReveal: (kind: InvisibleKind) => void): string {
  return text.replace(INVISIBLE, (character) => {
    const code = character.codePointAt(0)!
    const kind = kindOf(code)
    if (kind !== 'tag-characters' && kind !== 'bidirectional') return character
    onReveal(kind)
    return `\\u{${code.toString(16)}}`
  })
}

function isPartOfEmoji(text: string, character: string, offset: number): boolean {
  const before = text.slice(Math.max(0, offset - 4), offset)
  if (character === '\u200d') return EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(text.slice(offset + 1, offset + 3))
  return (character === '\ufe0e' || character === '\ufe0f') && CAN_CHOOSE_STYLE.test(before)
}

function kindOf(code: number): InvisibleKind {
  if (code >= 0xe0000 && code <= 0xe007f) return 'tag-characters'
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || code === 0x200e || code === 0x200f || code === 0x061c)
    return 'bidirectional'
  if ((code >= 0x200b && code <= 0x200d) || code === 0x2060 || code === 0xfeff) return 'zero-width'
  return code < 0xa0 ? 'control' : 'invisible'
}

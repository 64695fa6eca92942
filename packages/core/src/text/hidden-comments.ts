// Comments that a rendered page does not show: HTML comments, and Markdown link definitions used as comments.

const MOST_PASSES = 8
const MARKDOWN_COMMENT = /^[ \t]{0,3}\[[^\]\n]{1,100}\]:[ \t]*(?:#|<>)[ \t]*(?:\([^\n]*\)|"[^\n]*"|'[^\n]*')[ \t]*$/gm

export type CommentKind = 'html-comment' | 'markdown-comment'

/** The text without such comments; `onRemove` hears of each. Whatever remains cannot form a new comment. */
export function removeComments(text: string, onRemove: (kind: CommentKind) => void): string {
  let shown = text
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const next = removeHtmlComments(shown, onRemove)
    if (next === shown) break
    shown = next
  }
  // Nested on purpose, beyond any honest use: made visible instead.
  if (removeHtmlComments(shown, () => {}) !== shown) shown = shown.replaceAll('<!--', '&lt;!--')
  return shown.replace(MARKDOWN_COMMENT, () => {
    onRemove('markdown-comment')
    return ''
  })
}

function removeHtmlComments(text: string, onRemove: (kind: CommentKind) => void): string {
  const parts: string[] = []
  let position = 0
  for (let start = text.indexOf('<!--'); start !== -1; start = text.indexOf('<!--', position)) {
    parts.push(text.slice(position, start))
    position = commentEnd(text, start)
    onRemove('html-comment')
  }
  return parts.join('') + text.slice(position)
}

// One that never ends hides the rest of the text in some renderers: it counts as hidden.
function commentEnd(text: string, start: number): number {
  const empty = /^<!--(?:>|->)/.exec(text.slice(start, start + 6))
  if (empty) return start + empty[0].length
  const end = /--!?>/g
  end.lastIndex = start + 4
  return end.exec(text) === null ? text.length : end.lastIndex
}

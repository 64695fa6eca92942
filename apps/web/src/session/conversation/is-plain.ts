/** What Markdown gives a meaning to, and what it makes links of. */
const MARKED = /[\n*_`#[\]<>|~&\\$@=]|:\/\/|www\.|^\s|^[-+]|^\d+[.)]/

/** Whether a text means the same without Markdown: one line of words. */
export function isPlain(text: string): boolean {
  return !MARKED.test(text)
}

/** The id of a page of Notion in its link, or the id itself; null: there is none in it. */
export function pageIdIn(text: string): string | null {
  const [path = ''] = text.trim().split(/[?#]/)
  const digits = path.replaceAll('-', '').slice(-32)
  return /^[0-9a-fA-F]{32}$/.test(digits) ? digits.toLowerCase() : null
}

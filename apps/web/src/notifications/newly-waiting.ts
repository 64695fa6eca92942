export interface Waiting {
  id: string
  title: string
  question: string | null
}

/** Those that did not wait when last looked; none on the first look, which only learns what waits already. */
export function newlyWaiting(before: ReadonlySet<string> | null, now: readonly Waiting[]): Waiting[] {
  return before === null ? [] : now.filter(({ id, question }) => !before.has(keyOf({ id, question })))
}

/** The same session with another question counts anew. */
export function keyOf({ id, question }: Pick<Waiting, 'id' | 'question'>): string {
  return `${id} ${question ?? ''}`
}

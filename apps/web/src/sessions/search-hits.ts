import { eventAddress } from '../session/event-address.ts'
import type { SearchHit } from './use-sessions.ts'

/** The last words of the agent are also its summary: a session says the same thing once. */
export function withoutEchoes(hits: readonly SearchHit[]): SearchHit[] {
  const said = new Set<string>()
  return hits.filter(({ sessionId, excerpt }) => {
    const words = `${sessionId} ${excerpt.map(({ text }) => text).join('')}`
    return !said.has(words) && said.add(words)
  })
}

/** Where the hit stands in its session, with the words that were found. */
export function addressOfHit({ sessionId, seq, excerpt }: SearchHit): string {
  const words = new Set(excerpt.flatMap(({ text, isMatch }) => (isMatch ? [text.toLowerCase()] : [])))
  return eventAddress({ sessionId, seq, words: [...words] })
}

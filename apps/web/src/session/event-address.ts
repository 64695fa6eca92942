// Where one event of a session is shown: `/sessions/<id>#event-<seq>`, with the words sought in it as `:<word>,<word>`.

const NAME = 'event-'

/** What an address leads to. */
export interface Sought {
  seq: number
  /** Words to mark there; none: the event as a whole. */
  words: readonly string[]
}

/** The address of the session's page with the event in view. */
export function eventAddress({ sessionId, seq, words = [] }: { sessionId: string; seq: number; words?: readonly string[] }): string {
  const named = words.length === 0 ? '' : `:${words.map(encodeURIComponent).join(',')}`
  return `/sessions/${sessionId}#${NAME}${seq}${named}`
}

/** What the part of an address after `#` names; null when it names no event. */
export function soughtIn(hash: string): Sought | null {
  const [, seq, words = ''] = /^event-([1-9]\d{0,9})(?::(.*))?$/.exec(hash) ?? []
  if (seq === undefined) return null
  return { seq: Number(seq), words: words.split(',').map(decode).filter(Boolean) }
}

function decode(word: string): string {
  try {
    return decodeURIComponent(word)
  } catch {
    return ''
  }
}

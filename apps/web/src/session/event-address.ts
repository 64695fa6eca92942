// Where one event of a session is shown: `/sessions/<id>#event-<seq>`.

const NAME = 'event-'

/** The address of the session's page with the event in view. */
export function eventAddress({ sessionId, seq }: { sessionId: string; seq: number }): string {
  return `/sessions/${sessionId}#${NAME}${seq}`
}

/** The event that the part of an address after `#` names; null when it names none. */
export function seqIn(hash: string): number | null {
  const seq = hash.startsWith(NAME) ? hash.slice(NAME.length) : ''
  return /^[1-9]\d{0,9}$/.test(seq) ? Number(seq) : null
}

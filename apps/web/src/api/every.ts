/**
 * For `refetchInterval`: asks again once there is an answer. Without one a new question would take the failure away that somebody
 * is reading, and its way to try again, only to bring it back a moment later.
 */
export function every(ms: number): (query: { state: { data: unknown } }) => number | false {
  return ({ state }) => (state.data === undefined ? false : ms)
}

// Origins of notes that a turn counts, so that each reminder is given once.

/** The agent rested without finishing. */
export const restNudge = 'nudge: rest'
/** The answer was cut at its length limit. */
export const lengthNudge = 'nudge: length'

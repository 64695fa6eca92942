// Who is asking. Every handler gets one; what it may see and do follows from it and from nothing else.

import type { Actor } from '@slipway/core/events'

export type Role = 'administrator' | 'member' | 'viewer'

export interface Person {
  /** Of the account; `local` for whoever can read the home folder. */
  id: string
  /** Whose sessions, routines and budgets these are. The first person to sign in owns what `local` owns. */
  ownerId: string
  role: Role
  name: string
  email: string | null
  /** What proved it: a cookie of a signed-in browser, the token of the home folder, or a key of the person's own. */
  via: 'cookie' | 'token' | 'key'
}

/** The owner of everything that the command line makes. */
export const LOCAL_OWNER = 'local'

/** Whoever can read the home folder: the command line, and the bearer of its token. */
export const localPerson: Person = {
  id: LOCAL_OWNER,
  ownerId: LOCAL_OWNER,
  role: 'administrator',
  name: 'Command line',
  email: null,
  via: 'token',
}

/** How a person signs what they say in a log. */
export function actorOf(person: Pick<Person, 'id'>): Actor {
  return { kind: 'person', id: person.id }
}

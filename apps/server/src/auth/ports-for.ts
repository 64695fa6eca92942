// The ports as one person may use them.

import type { Ports } from '@slipway/core/ports'
import { openSessionStates, type SessionStates } from '../actions/session-states.ts'
import type { Runtime } from '../runtime.ts'
import { localPerson, type Person } from './person.ts'

export type PersonPorts = Ports & { person: Person; states: SessionStates }

/** One for each store, shared by its people: who may not see a session does not get its state either. */
const states = new WeakMap<Runtime['store'], SessionStates>()

export function statesOf(store: Runtime['store']): SessionStates {
  const known = states.get(store) ?? openSessionStates()
  states.set(store, known)
  return known
}

/** For what answers a request: give actions these, never the runtime's own. They read what is the person's and nothing else. */
export function portsFor({ ports, store }: Pick<Runtime, 'ports' | 'store'>, person: Person): PersonPorts {
  const { log, blobs } = store.as(person.ownerId)
  return { ...ports, log: { ...ports.log, read: log.read }, blobs: { ...ports.blobs, get: blobs.get }, person, states: statesOf(store) }
}

/** For programs of whoever can read the home folder. */
export function asLocal<Given extends object>(ports: Given): Given & { person: Person } {
  return { ...ports, person: localPerson }
}

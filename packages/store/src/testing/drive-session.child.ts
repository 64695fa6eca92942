// A worker in a process of its own: claims one session, then appends each time its standard input says so.

import { createInterface } from 'node:readline'
import { openStore } from '../store.ts'
import { newEvent, userMessage } from './events.ts'

const [location = '{}', sessionId = '', leaseMs = '15000'] = process.argv.slice(2)
const opened = await openStore(JSON.parse(location))
if (!opened.ok) throw new Error(opened.message)
const { store } = opened
const workerId = `child-${process.pid}`
const lease = await store.leases.claimSession({ sessionId, workerId, leaseMs: Number(leaseMs) })
console.log(JSON.stringify(lease))

for await (const word of createInterface({ input: process.stdin })) {
  if (word === 'close') break
  const result = await store.log.append({ sessionId, events: [newEvent(userMessage(word))], expectedSeq: null, lease, wake: 'no' })
  console.log(JSON.stringify(result.ok ? { ok: true } : result))
}
await store.close()
process.exit(0)

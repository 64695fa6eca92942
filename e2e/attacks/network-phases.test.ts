// The set-up phase has a network; the agent must not get its own code to run in it.

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bash, finish, openAttack, publishAll, type Attack } from './attack.ts'

let attack: Attack
let server: Server
let host: string
const hits: string[] = []

beforeAll(async () => {
  attack = await openAttack()
  server = createServer((request, response) => {
    hits.push(request.url ?? '')
    response.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await attack.close()
})
beforeEach(() => void hits.splice(0))

/** Loopback is never proxied by itself, so the proxy is named. */
const send = (what: string): string => `curl -s -m 5 --noproxy '' -x http://127.0.0.1:3128 http://${host}/${what}`
const environment = (setup: string): string => `setup: [${JSON.stringify(setup)}]\nchecks: ["true"]\nallow_hosts: ["${host}"]\n`
const allowed = () => ({ SLIPWAY_EGRESS_ALLOW_PRIVATE: host })
/** The runner has the agent's own user; its end is the end of the sandbox. */
const endRunner = 'for p in /proc/[0-9]*; do [ "$(readlink $p/exe)" = /opt/node/bin/node ] && kill -9 ${p#/proc/}; done; sleep 1'

test('an agent that ends its sandbox and removes every trace of the set-up does not have it run again with a network', async () => {
  const repository = await attack.repository('reopened', {
    '.slipway/environment.yaml': environment('sh setup.sh; false'),
    'setup.sh': send('base'),
  })
  const facts = await attack.session({
    repository,
    variables: allowed(),
    steps: [
      bash(`rm -rf .git/slipway-set-up; echo "${send('marker-removed')}" > setup.sh; ${endRunner}`),
      bash(`rm -rf .git; echo "${send('repository-removed')}" > setup.sh; ${endRunner}`),
      bash(`touch .git/slipway-seeding; echo "${send('seeding')}" > extra.sh; ${endRunner}`),
      bash(`cat setup.sh; ${send('agent')}`),
      finish,
      finish,
    ],
  })
  expect(facts.outputs.filter((output) => output.includes('The sandbox ended'))).toHaveLength(3)
  expect(facts.outputs[3]).toContain('not-allowed')
  expect(hits).toEqual(['/base'])
})

test('set-up commands that the agent wrote run without a network in the verification', async () => {
  const repository = await attack.repository('verified', {
    '.slipway/environment.yaml': environment('sh setup.sh'),
    'setup.sh': send('base'),
  })
  const facts = await attack.session({
    repository,
    variables: allowed(),
    steps: [bash(`sed -i s/setup.sh/evil.sh/ .slipway/environment.yaml; echo "${send('evil')}" > evil.sh`), ...publishAll],
  })
  expect(hits).toEqual(['/base'])
  expect(facts.only('verification-finished')[0]?.receipts[0]).toMatchObject({
    command: 'sh evil.sh',
    tail: expect.stringContaining('not-allowed'),
  })
  // And a person is asked before any of it is published.
  expect(facts.only('human-asked').map((body) => body.kind)).toEqual(['approval'])
  expect(facts.only('branch-pushed')).toEqual([])
})

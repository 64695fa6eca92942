import { expect, test } from 'vitest'
import { egressAdvice } from './egress-advice.ts'

test('each phase is told of the list that counts for it, and the agent is not sent to that of the set-up', () => {
  expect(egressAdvice('setup', 'not-allowed')).toMatch(/^For the set-up .*`allow_hosts`/)
  expect(egressAdvice('agent', 'not-allowed')).toMatch(/^Commands of the agent reach only .*`SLIPWAY_EGRESS_ALLOW`/)
  expect(egressAdvice('preview', 'not-allowed')).toMatch(/^A preview reaches only .*`SLIPWAY_EGRESS_ALLOW`/)
  expect(egressAdvice('verification', 'not-allowed')).toMatch(/no setting gives it one/)
})

test('what another setting decides names that one, and what none decides names none', () => {
  expect(egressAdvice('agent', 'blocked-address')).toContain('`SLIPWAY_EGRESS_ALLOW_PRIVATE`')
  expect(egressAdvice('setup', 'upload-limit')).toContain('`SLIPWAY_EGRESS_UPLOAD_MB`')
  expect(egressAdvice('agent', 'not-tls')).toBeNull()
})

import { expect, test } from 'vitest'
import { readTokenAnswer } from './token-answer.ts'

const reply = (status: number, body: unknown) => ({ ok: true as const, status, body, headers: new Headers() })
const read = (status: number, body: unknown) => readTokenAnswer('GitHub', reply(status, body), Date.parse('2026-01-01T00:00:00Z'))

test('tokens are read with their scopes, and run out by when they were asked for', () => {
  const granted = read(200, {
    access_token: 'a',
    refresh_token: 'r',
    expires_in: '7200',
    scope: 'repo,workflow read:user',
    token_type: 'bearer',
  })
  expect(
    granted.ok && [granted.tokens.access.reveal(), granted.tokens.refresh?.reveal(), granted.tokens.expiresAt, granted.scopes],
  ).toEqual(['a', 'r', '2026-01-01T02:00:00.000Z', ['repo', 'workflow', 'read:user']])
  expect(read(200, { access_token: 'a', scope: '' })).toMatchObject({ tokens: { refresh: null, expiresAt: null }, scopes: null })
})

test.each([
  [500, { access_token: 'a' }, 'network'],
  [302, { access_token: 'a' }, 'network'],
  [200, { access_token: '' }, 'network'],
  [200, null, 'network'],
  [403, '<html>', 'network'],
  [400, { error: 'something_new' }, 'network'],
  [200, { error: 'bad_refresh_token' }, 'refused'],
  [200, { error: 'bad_verification_code', access_token: 'a' }, 'refused'],
  [400, { error: 'invalid_grant' }, 'refused'],
  [401, { error: 'invalid_client' }, 'misconfigured'],
] as const)('status %i with %j is %s', (status, body, problem) => {
  expect(read(status, body)).toMatchObject({ ok: false, problem })
})

test('nothing of what a provider says about an error is repeated but its code', () => {
  const said = read(400, { error: 'invalid_grant', error_description: 'token ghr_secret0123456789 is used' })
  expect(JSON.stringify(said)).not.toContain('secret')
  expect(JSON.stringify(read(400, { error: 'the token ghr_secret0123456789' }))).not.toContain('secret')
  expect(readTokenAnswer('GitHub', { ok: false, why: 'it did not answer in time' }, 0)).toMatchObject({
    problem: 'network',
    message: 'GitHub cannot be reached: it did not answer in time. Try again in a minute.',
  })
})

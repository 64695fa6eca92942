import { describe, expect, it } from 'vitest'
import { answerFailure, type FailureContext, networkFailure } from './github-failure.ts'

const context: FailureContext = {
  doing: 'Opening it',
  url: 'https://github.com',
  hasToken: true,
  secrets: ['s3cr3t-token'],
  nowMs: 1_000_000,
}
const answer = (status: number, message: string, headers: Record<string, string> = {}) =>
  answerFailure(context, { status, headers, data: { message } })

describe('answerFailure', () => {
  it.each([
    [401, 'Bad credentials', 'auth'],
    [403, 'Resource not accessible by personal access token', 'auth'],
    [403, 'Repository was archived so is read-only.', 'refused'],
    [404, 'Not Found', 'not-found'],
    [409, 'Git Repository is empty.', 'empty-repository'],
    [409, 'Merge conflict', 'conflict'],
    [307, 'Temporary Redirect', 'conflict'],
    [422, 'Validation Failed', 'refused'],
    [451, 'Repository access blocked', 'refused'],
    [502, 'Server Error', 'network'],
  ] as const)('reads %i "%s" as %s', (status, message, problem) => {
    expect(answer(status, message).failure).toMatchObject({ ok: false, problem, retryAfterMs: null })
  })

  it('knows which answers may hide work that was done', () => {
    expect([500, 502, 504, 408, 422, 403, 404].map((status) => answer(status, 'x').isAnswerLost)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
    ])
  })

  it.each([
    [429, {}, 60_000],
    [403, { 'retry-after': '7' }, 7000],
    [403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1090' }, 90_000],
    [429, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '900' }, 1000],
  ])('reads %i with %o as a limit of %i ms', (status, headers, retryAfterMs) => {
    expect(answer(status, 'Slow down', headers as Record<string, string>).failure).toMatchObject({ problem: 'rate-limit', retryAfterMs })
  })

  it('names the scope that a classic token lacks, and none that it has', () => {
    const scopes = { 'x-oauth-scopes': 'read:org, gist', 'x-accepted-oauth-scopes': 'public_repo, repo' }
    expect(answer(403, 'No', scopes).failure.message).toContain('the token lacks the scope public_repo or repo')
    expect(answer(404, 'Not Found', scopes).failure.message).toContain('it lacks the scope public_repo or repo')
    expect(answer(403, 'No', { ...scopes, 'x-oauth-scopes': 'repo' }).failure.message).not.toContain('lacks')
  })

  it('gives the address where single sign-on is confirmed', () => {
    const sso = { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso?authorization_request=1' }
    expect(answer(403, 'Resource protected', sso).failure.message).toContain(
      'Authorise it at https://github.com/orgs/acme/sso?authorization_request=1',
    )
  })

  it('words validation errors by their own messages', () => {
    const data = {
      message: 'Validation Failed',
      errors: [{ message: 'No commits between main and topic' }, { field: 'head', code: 'invalid' }],
    }
    const { failure } = answerFailure(context, { status: 422, headers: {}, data })
    expect(failure.message).toBe('Opening it was refused by GitHub: Validation Failed: No commits between main and topic; head invalid')
  })

  it('shows neither secrets nor control characters nor more than 500 characters of an answer', () => {
    const { said } = answer(422, `\u001b[31m s3cr3t-token ${Buffer.from('s3cr3t-token').toString('base64')} ${'x'.repeat(9000)}`)
    expect(said).toMatch(/^\[31m \[secret\] \[secret\] x+$/)
    expect(said.length).toBeLessThanOrEqual(500)
  })
})

describe('networkFailure', () => {
  it('counts as an answer that is lost and says what to do', () => {
    const failed = networkFailure(context, 'read ECONNRESET with s3cr3t-token')
    expect(failed.isAnswerLost).toBe(true)
    expect(failed.failure.message).toBe(
      'Opening it failed: read ECONNRESET with [secret]. Check that this machine reaches GitHub, then try again.',
    )
  })
})

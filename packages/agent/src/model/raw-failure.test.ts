import { APICallError } from 'ai'
import { expect, test } from 'vitest'
import { toRawFailure } from './raw-failure.ts'

const wire = { sent: true, status: null, headers: {}, streamError: null, hasEnded: false, usageLine: null }
const context = { wire, redact: (text: string) => text.replaceAll('sk-1', '[secret]'), now: 0 }

function httpError(responseBody: string, statusCode = 400): APICallError {
  return new APICallError({ message: 'as the client read it', url: 'http://x', requestBodyValues: {}, statusCode, responseBody })
}

test.each([
  ['{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}', 'rate_limit_error', 'slow down'],
  ['{"error":{"message":"no money","type":"insufficient_quota","code":"insufficient_quota"}}', 'insufficient_quota', 'no money'],
  ['{"error":{"code":429,"message":"exhausted","status":"RESOURCE_EXHAUSTED"}}', 'RESOURCE_EXHAUSTED', 'exhausted'],
  ['[{"error":{"code":400,"message":"in a list","status":"INVALID_ARGUMENT"}}]', 'INVALID_ARGUMENT', 'in a list'],
  ['{"error":"model \'x\' not found"}', null, "model 'x' not found"],
  ['{"detail":"Not Found"}', null, 'Not Found'],
  ['{"message":"from a gateway","code":"E17"}', 'E17', 'from a gateway'],
  ['upstream timed out', null, 'upstream timed out'],
  ['', null, 'as the client read it'],
])('%s says its code and words', (body, code, message) => {
  expect(toRawFailure(httpError(body), context)).toEqual({ cause: 'http', status: 400, code, message, retryAfterMs: null })
})

test('code and message are redacted and short', () => {
  const failure = toRawFailure(httpError(JSON.stringify({ error: { code: 'sk-1', message: `sk-1 ${'x'.repeat(9000)}` } })), context)
  expect(failure.code).toBe('[secret]')
  expect(failure.message.startsWith('[secret] x')).toBe(true)
  expect(failure.message).toHaveLength(2000)
})

test('an error of the network names its cause', () => {
  const error = new TypeError('fetch failed', {
    cause: Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' }),
  })
  expect(toRawFailure(error, context)).toEqual({
    cause: 'connection',
    status: null,
    code: 'ECONNREFUSED',
    message: 'The provider could not be reached: fetch failed: connect ECONNREFUSED 127.0.0.1:9',
    retryAfterMs: null,
  })
})

test('a request that could not be written is not tried again as if the network had failed', () => {
  expect(toRawFailure(new Error('no such part'), { ...context, wire: { ...wire, sent: false } })).toMatchObject({
    cause: 'http',
    status: 400,
    code: 'invalid_request',
  })
})

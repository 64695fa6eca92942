// Errors in OpenAI's words, which compatible servers copy.

import type { ProviderError, Refusal } from './wire.ts'

const KINDS: Record<number, { type: string; code: string | null; message: string }> = {
  400: { type: 'invalid_request_error', code: null, message: 'Invalid request.' },
  401: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  404: { type: 'invalid_request_error', code: 'model_not_found', message: 'The model does not exist or you do not have access to it.' },
  429: {
    type: 'requests',
    code: 'rate_limit_exceeded',
    message: 'Rate limit reached on requests per min (RPM): Limit 3, Used 3, Requested 1.',
  },
  500: { type: 'server_error', code: null, message: 'The server had an error while processing your request. Sorry about that!' },
  503: { type: 'service_unavailable_error', code: null, message: 'The engine is currently overloaded, please try again later' },
}

export function openaiErrorBody(error: ProviderError): string {
  const kind = KINDS[error.status] ?? { type: 'server_error', code: null, message: 'error' }
  return JSON.stringify({
    error: {
      message: error.message ?? kind.message,
      type: error.code === 'insufficient_quota' ? 'insufficient_quota' : kind.type,
      param: null,
      code: error.code ?? kind.code,
    },
  })
}

export function openaiWrongKey(): Refusal {
  return {
    status: 401,
    body: openaiErrorBody({
      status: 401,
      code: null,
      message: 'Incorrect API key provided: sk-wrong*****. You can find your API key at https://platform.openai.com/account/api-keys.',
    }),
  }
}

export function openaiOverflow(message: string): ProviderError {
  return { status: 400, code: 'context_length_exceeded', message }
}

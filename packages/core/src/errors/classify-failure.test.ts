import { describe, expect, it } from 'vitest'
import { classifyFailure } from './classify-failure.ts'
import type { FailureKind, RawFailure } from './failure.ts'

function http(status: number | null, message: string, code: string | null = null, retryAfterMs: number | null = null): RawFailure {
  return { status, message, code, retryAfterMs, cause: 'http' }
}

const cases: [FailureKind, string, RawFailure][] = [
  // Anthropic
  [
    'rate-limit',
    'Anthropic',
    http(429, "This request would exceed your organization's rate limit of 50 requests per minute", 'rate_limit_error'),
  ],
  ['overloaded', 'Anthropic', http(529, 'Overloaded', 'overloaded_error')],
  ['overloaded', 'Anthropic in a stream', http(null, 'Overloaded', 'overloaded_error')],
  ['server', 'Anthropic', http(500, 'Internal server error', 'api_error')],
  ['server', 'Anthropic in a stream', http(null, 'Internal server error', 'api_error')],
  ['overflow', 'Anthropic', http(400, 'prompt is too long: 204659 tokens > 200000 maximum', 'invalid_request_error')],
  [
    'overflow',
    'Anthropic',
    http(
      400,
      'input length and `max_tokens` exceed context limit: 178959 + 64000 > 200000, decrease input length',
      'invalid_request_error',
    ),
  ],
  ['overflow', 'Anthropic', http(413, 'Request exceeds the maximum size', 'request_too_large')],
  [
    'quota',
    'Anthropic',
    http(400, 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.', 'invalid_request_error'),
  ],
  ['quota', 'Anthropic', http(402, 'There is an issue with your billing', 'billing_error')],
  ['auth', 'Anthropic', http(401, 'invalid x-api-key', 'authentication_error')],
  ['auth', 'Anthropic', http(403, 'Your API key does not have permission to use the specified resource.', 'permission_error')],
  ['rejected', 'Anthropic', http(404, 'model: claude-nonsense', 'not_found_error')],
  ['rejected', 'Anthropic', http(400, 'messages.3: `tool_use` ids were found without `tool_result` blocks', 'invalid_request_error')],
  // Gateways and clouds in front of models
  ['overflow', 'Bedrock', http(400, 'Input is too long for requested model.')],
  ['overflow', 'Copilot', http(400, 'prompt token count of 140000 exceeds the limit of 128000', 'model_max_prompt_tokens_exceeded')],
  ['overflow', 'Kimi', http(400, 'Invalid request: Your request exceeded model token limit: 262144 (requested: 269030)')],
  ['overflow', 'Moonshot', http(400, 'model max length exceeded, max length:8192')],
  ['overflow', 'Qwen', http(400, '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 204800]')],
  ['overflow', 'TGI', http(422, 'Input validation error: `inputs` must have less than 4096 tokens. Given: 5000')],
  [
    'overflow',
    'vLLM',
    http(400, "You passed 5121 input tokens and requested 3072 output tokens. However, the model's context length is only 8192 tokens."),
  ],
  [
    'overflow',
    'Vertex',
    http(
      400,
      'Unable to submit request because the input token count is 1250000 but model only supports up to 1048576.',
      'INVALID_ARGUMENT',
    ),
  ],
  // OpenAI
  [
    'rate-limit',
    'OpenAI',
    http(
      429,
      'Rate limit reached for gpt-5 in organization org-x on tokens per min (TPM). Please try again in 1.2s.',
      'rate_limit_exceeded',
    ),
  ],
  [
    'overflow',
    'OpenAI',
    http(
      429,
      'Request too large for gpt-5 in organization org-x on tokens per min (TPM): Limit 30000, Requested 52000.',
      'rate_limit_exceeded',
    ),
  ],
  ['quota', 'OpenAI', http(429, 'You exceeded your current quota, please check your plan and billing details.', 'insufficient_quota')],
  [
    'quota',
    'OpenAI in a stream',
    http(null, 'You exceeded your current quota, please check your plan and billing details.', 'insufficient_quota'),
  ],
  [
    'overflow',
    'OpenAI',
    http(400, 'Your input exceeds the context window of this model. Please adjust your input and try again.', 'context_length_exceeded'),
  ],
  [
    'overflow',
    'OpenAI',
    http(400, "This model's maximum context length is 128000 tokens. However, your messages resulted in 140000 tokens."),
  ],
  ['auth', 'OpenAI', http(401, 'Incorrect API key provided: [secret]. You can find your API key at …', 'invalid_api_key')],
  ['rejected', 'OpenAI', http(400, "Unsupported parameter: 'temperature' is not supported with this model.", 'unsupported_parameter')],
  ['server', 'OpenAI', http(500, 'The server had an error while processing your request.', 'server_error')],
  ['overloaded', 'OpenAI', http(503, 'The engine is currently overloaded, please try again later', 'server_error')],
  ['overloaded', 'OpenAI', http(503, 'Slow down', 'slow_down')],
  // Gemini
  ['rate-limit', 'Gemini per minute', http(429, 'You exceeded your current quota, please check your plan.', 'RESOURCE_EXHAUSTED', 34_400)],
  ['rate-limit', 'Gemini without a time', http(429, 'Resource has been exhausted (e.g. check quota).', 'RESOURCE_EXHAUSTED')],
  [
    'quota',
    'Gemini per day',
    http(429, 'You exceeded your current quota. Quota exceeded for metric: generate_requests per day, limit 20', 'RESOURCE_EXHAUSTED'),
  ],
  [
    'quota',
    'Gemini without the model',
    http(
      429,
      'You exceeded your current quota. * Quota exceeded for metric: free_tier_requests, limit: 0, model: x',
      'RESOURCE_EXHAUSTED',
      20_000,
    ),
  ],
  [
    'overflow',
    'Gemini',
    http(400, 'The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).', 'INVALID_ARGUMENT'),
  ],
  ['auth', 'Gemini', http(400, 'API key not valid. Please pass a valid API key.', 'INVALID_ARGUMENT')],
  ['auth', 'Gemini', http(403, 'Method doesn’t allow unregistered callers', 'PERMISSION_DENIED')],
  ['overloaded', 'Gemini', http(503, 'The model is overloaded. Please try again later.', 'UNAVAILABLE')],
  ['no-tools', 'Gemini', http(400, 'Function calling is not enabled for models/gemma-3-27b-it', 'INVALID_ARGUMENT')],
  ['rejected', 'Gemini', http(400, 'User location is not supported for the API use.', 'FAILED_PRECONDITION')],
  // Ollama
  ['no-tools', 'Ollama', http(400, 'registry.ollama.ai/library/deepseek-r1:14b does not support tools')],
  ['rejected', 'Ollama', http(404, "model 'llama9' not found")],
  ['overloaded', 'Ollama', http(503, 'server busy, please try again. maximum pending requests exceeded')],
  ['overflow', 'Ollama', http(500, 'prompt too long; exceeded max context length by 812 tokens')],
  ['server', 'Ollama', http(500, 'llama runner process has terminated: signal: killed')],
  // Servers that speak OpenAI's protocol
  [
    'overflow',
    'vLLM',
    http(
      400,
      "'max_tokens' or 'max_completion_tokens' is too large: 2000. This model's maximum context length is 4096 tokens and your request has 2104 input tokens.",
      'BadRequestError',
    ),
  ],
  ['overflow', 'vLLM', http(400, 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.')],
  ['no-tools', 'vLLM', http(400, '"auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set')],
  [
    'overflow',
    'llama.cpp',
    http(400, 'request (4476 tokens) exceeds the available context size (4096 tokens)', 'exceed_context_size_error'),
  ],
  ['no-tools', 'llama.cpp', http(500, 'tools param requires --jinja flag')],
  ['overloaded', 'llama.cpp', http(503, 'Loading model', 'unavailable_error')],
  ['overflow', 'LM Studio', http(400, 'The number of tokens to keep from the initial prompt is greater than the context length')],
  [
    'overflow',
    'LM Studio',
    http(
      400,
      'Trying to keep the first 7000 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens',
    ),
  ],
  ['no-tools', 'OpenRouter', http(404, 'No endpoints found that support tool use.')],
  ['quota', 'OpenRouter', http(402, 'This request requires more credits, or fewer max_tokens.')],
  // Anything else
  ['server', 'a gateway', http(502, 'Bad gateway')],
  ['server', 'a timeout', http(408, 'Request timeout')],
  ['server', 'a conflict', http(409, 'Conflict')],
  ['rejected', 'a redirect', http(301, 'Moved')],
  ['rejected', 'another 4xx', http(422, 'Unprocessable')],
  ['server', 'an unknown error in a stream', http(null, 'something went wrong')],
]

describe('classifyFailure', () => {
  it.each(cases)('says %s for %s', (kind, _provider, raw) => {
    expect(classifyFailure(raw)).toBe(kind)
  })

  it('takes what happened on the wire for itself, whatever the words', () => {
    const raw = http(null, 'prompt is too long')
    expect(classifyFailure({ ...raw, cause: 'connection' })).toBe('network')
    expect(classifyFailure({ ...raw, cause: 'cut' })).toBe('cut')
    expect(classifyFailure({ ...raw, cause: 'stalled' })).toBe('stalled')
    expect(classifyFailure({ ...raw, cause: 'empty' })).toBe('empty')
    expect(classifyFailure({ ...raw, cause: 'repeating' })).toBe('repeating')
    expect(classifyFailure({ ...raw, cause: 'aborted' })).toBe('interrupted')
  })
})

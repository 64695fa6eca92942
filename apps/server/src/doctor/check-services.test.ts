import type { RequestListener } from 'node:http'
import { describe, expect, test } from 'vitest'
import type { Environment } from '../settings.ts'
import { readSettings } from '../settings.ts'
import { checkGithub } from './check-github.ts'
import { checkGitlab } from './check-gitlab.ts'
import { checkModels } from './check-models.ts'
import { closedPort, hostWith, serve } from './testing/fake-host.ts'

const KEY = 'a-key-that-must-not-show'

const providers = [
  { name: 'anthropic', key: 'ANTHROPIC_API_KEY', url: 'ANTHROPIC_BASE_URL', path: '/v1/models?limit=1', header: 'x-api-key', value: KEY },
  { name: 'openai', key: 'OPENAI_API_KEY', url: 'OPENAI_BASE_URL', path: '/v1/models', header: 'authorization', value: `Bearer ${KEY}` },
  {
    name: 'google',
    key: 'GOOGLE_GENERATIVE_AI_API_KEY',
    url: 'GOOGLE_GENERATIVE_AI_BASE_URL',
    path: '/v1beta/models?pageSize=1',
    header: 'x-goog-api-key',
    value: KEY,
  },
]

describe.each(providers)('$name', ({ name, key, url, path, header, value }) => {
  const finding = async (listener: RequestListener) => {
    const { url: address } = await serve(listener)
    const found = await models({ [key]: KEY, [url]: address })
    expect(JSON.stringify(found)).not.toContain(KEY)
    return found.find((candidate) => candidate.name === `Model ${name}`)
  }

  test('is asked in its own way', async () => {
    const found = await finding((request, response) => {
      response.statusCode = request.url === path && request.headers[header] === value ? 200 : 418
      response.end('{"data":[]}')
    })
    expect(found?.state).toBe('ok')
  })

  test.each([401, 403])('refuses the key with %i', async (status) => {
    expect(await finding(answering(status))).toMatchObject({
      state: 'fail',
      summary: `${key} is refused`,
      fix: expect.stringContaining(`export ${key}=`),
    })
  })

  test('an outage is no judgement of the key', async () => {
    expect(await finding(answering(503))).toMatchObject({ state: 'warn', cause: 'The key could not be checked.' })
  })

  test('cannot be reached', async () => {
    const found = await models({ [key]: KEY, [url]: `http://127.0.0.1:${await closedPort()}` })
    expect(found).toContainEqual(
      expect.objectContaining({ name: `Model ${name}`, state: 'fail', cause: 'The connection failed: ECONNREFUSED.' }),
    )
  })
})

describe('models', () => {
  test('Gemini’s way of refusing a key is known', async () => {
    const { url } = await serve(answering(400, '{"error":{"code":400,"details":[{"reason":"API_KEY_INVALID"}]}}'))
    expect(await models({ GOOGLE_GENERATIVE_AI_API_KEY: KEY, GOOGLE_GENERATIVE_AI_BASE_URL: url })).toContainEqual(
      expect.objectContaining({ state: 'fail', summary: 'GOOGLE_GENERATIVE_AI_API_KEY is refused' }),
    )
  })

  test('the key is not sent on when the server redirects', async () => {
    let forwarded = 0
    const other = await serve((_, response) => {
      forwarded += 1
      response.end('{}')
    })
    const { url } = await serve((_, response) => response.writeHead(302, { location: other.url }).end())
    await models({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url })
    expect(forwarded).toBe(0)
  })

  test('none set up is doubtful, because the demo needs none', async () => {
    expect(await models({})).toEqual([expect.objectContaining({ name: 'Model', state: 'warn', summary: 'no model is set up' })])
  })

  test('a model without its key fails', async () => {
    expect(await models({ SLIPWAY_MODEL: 'anthropic/claude-sonnet-4-5' })).toEqual([
      expect.objectContaining({ state: 'fail', summary: 'ANTHROPIC_API_KEY is not set' }),
    ])
  })

  test('an Ollama that is wanted and absent fails', async () => {
    expect(await models({ SLIPWAY_MODEL: 'ollama/qwen3' })).toEqual([
      expect.objectContaining({ name: 'Model ollama', state: 'fail', fix: 'Set OLLAMA_BASE_URL, or start it: `ollama serve`' }),
    ])
  })

  test('a model that the provider does not know is named, although the key is good', async () => {
    const { url } = await serve((request, response) => {
      response.statusCode = request.url === '/v1/models' ? 200 : 404
      response.end('{}')
    })
    expect(await models({ OPENAI_API_KEY: KEY, OPENAI_BASE_URL: url, SLIPWAY_MODEL: 'openai/gpt-nonsense' })).toContainEqual(
      expect.objectContaining({ name: 'Model openai/gpt-nonsense', state: 'fail', summary: expect.stringContaining('does not know') }),
    )
  })

  test('a local model without tools is named', async () => {
    const { url } = await serve((request, response) =>
      response.end(
        request.url === '/api/show' ? '{"capabilities":["completion"],"model_info":{"gemma.context_length":8192}}' : '{"models":[{}]}',
      ),
    )
    expect(await models({ OLLAMA_BASE_URL: url, SLIPWAY_MODEL: 'ollama/gemma:2b' })).toContainEqual(
      expect.objectContaining({ name: 'Model ollama/gemma:2b', state: 'fail', summary: expect.stringContaining('cannot use tools') }),
    )
  })

  test.each([
    ['{"models":[{"name":"qwen3"}]}', 'ok'],
    ['{"models":[]}', 'warn'],
  ])('an Ollama that answers %s is %s', async (text, state) => {
    const { url } = await serve((request, response) => response.end(request.url === '/api/tags' ? text : ''))
    expect(await models({ OLLAMA_BASE_URL: url })).toEqual([expect.objectContaining({ name: 'Model ollama', state })])
  })
})

describe('GitHub', () => {
  test('is not asked without a token', async () => {
    expect(await checkGithub(hostWith({}), { apiUrl: 'http://127.0.0.1:1', token: null })).toBeNull()
  })

  test.each([
    ['a valid token', 200, '{}', {}, 'ok'],
    ['a classic token that may push', 200, '{}', { 'x-oauth-scopes': 'read:org, repo' }, 'ok'],
    ['a classic token that may not', 200, '{}', { 'x-oauth-scopes': 'read:org, gist' }, 'warn'],
    ['an app’s token', 403, '{"message":"Resource not accessible by integration"}', {}, 'ok'],
    ['a wrong token', 401, '{"message":"Bad credentials"}', {}, 'fail'],
    ['a server in trouble', 502, '', {}, 'warn'],
  ])('%s', async (_, status, text, headers, state) => {
    const { url } = await serve((request, response) => {
      const isAsked = request.url === '/user' && request.headers.authorization === `Bearer ${KEY}`
      response.writeHead(isAsked ? status : 418, headers).end(text)
    })
    const finding = await github({ GITHUB_TOKEN: KEY, GITHUB_API_URL: url })
    expect(finding?.state).toBe(state)
    expect(JSON.stringify(finding)).not.toContain(KEY)
  })

  test('cannot be reached', async () => {
    expect(await github({ GITHUB_TOKEN: KEY, GITHUB_API_URL: `http://127.0.0.1:${await closedPort()}` })).toMatchObject({
      state: 'fail',
      cause: 'The connection failed: ECONNREFUSED.',
    })
  })
})

describe('GitLab', () => {
  test('is not asked without a token', async () => {
    expect(await checkGitlab(hostWith({}), { url: 'http://127.0.0.1:1', token: null })).toBeNull()
  })

  test.each([
    ['a token with the scope', 200, 200, '{"scopes":["api"]}', 'ok'],
    ['a token that may only read', 200, 200, '{"scopes":["read_api","read_user"]}', 'warn'],
    ['a token that cannot say what it may', 200, 401, '{}', 'ok'],
    ['a token without a scope for the API', 403, 403, '{}', 'warn'],
    ['a wrong token', 401, 401, '{}', 'fail'],
    ['a server in trouble', 502, 502, '', 'warn'],
  ])('%s', async (_, status, ownStatus, own, state) => {
    const { url } = await serve((request, response) => {
      if (request.headers.authorization !== `Bearer ${KEY}`) return void response.writeHead(418).end()
      if (request.url === '/below/api/v4/user') return void response.writeHead(status).end('{}')
      response.writeHead(request.url === '/below/api/v4/personal_access_tokens/self' ? ownStatus : 418).end(own)
    })
    const finding = await gitlab({ GITLAB_TOKEN: KEY, GITLAB_URL: `${url}/below` })
    expect(finding?.state).toBe(state)
    expect(JSON.stringify(finding)).not.toContain(KEY)
  })

  test('cannot be reached', async () => {
    expect(await gitlab({ GITLAB_TOKEN: KEY, GITLAB_URL: `http://127.0.0.1:${await closedPort()}` })).toMatchObject({
      state: 'fail',
      cause: 'The connection failed: ECONNREFUSED.',
    })
  })
})

/** Ollama is looked for at a port where nothing is, unless the test says otherwise. */
async function models(environment: Environment) {
  return checkModels(hostWith({}), settingsOf({ OLLAMA_BASE_URL: `http://127.0.0.1:${await closedPort()}`, ...environment }))
}

async function github(environment: Environment) {
  return checkGithub(hostWith({}), settingsOf(environment).github)
}

async function gitlab(environment: Environment) {
  return checkGitlab(hostWith({}), settingsOf(environment).gitlab)
}

function settingsOf(environment: Environment) {
  const result = readSettings({ HOME: '/home/ada', ...environment })
  if (!result.ok) throw new Error(result.problems.join('\n'))
  return result.settings
}

function answering(status: number, text = '{}'): RequestListener {
  return (_, response) => {
    response.statusCode = status
    response.end(text)
  }
}

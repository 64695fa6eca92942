import { generateKeyPairSync } from 'node:crypto'
import { defaultModel } from '@slipway/agent/model/default-model'
import { describe, expect, test } from 'vitest'
import type { Environment } from './settings.ts'
import { readSettings } from './settings.ts'

const HOME = { HOME: '/home/ada' }

test('nothing has to be set', () => {
  const { models: _, ...settings } = settingsOf(HOME)
  expect(settings).toEqual({
    home: '/home/ada/.slipway',
    databaseUrl: null,
    signIn: { signUp: null, secretKeys: null, google: null },
    role: 'all',
    http: { host: '127.0.0.1', port: 3000, publicUrl: null, trustedProxies: [] },
    preview: { port: null, url: null, idleMs: 900_000 },
    localRepositories: [],
    mail: null,
    logLevel: 'info',
    roles: null,
    limits: { budgetMicros: 5_000_000, maxSteps: 150, maxStageSteps: 60, maxTurnMs: 7_200_000 },
    dailyBudgetMicros: 50_000_000,
    github: {
      url: 'https://github.com',
      apiUrl: 'https://api.github.com',
      token: null,
      clientId: null,
      clientSecret: null,
      app: null,
      webhookSecret: null,
    },
    gitlab: { url: 'https://gitlab.com', token: null, oauth: null, webhookSecret: null },
    notion: { apiUrl: 'https://api.notion.com', token: null, oauth: null, pollMs: 30_000, webhookSecret: null },
    follow: { everyMs: 60_000 },
    vercel: { url: 'https://vercel.com', apiUrl: 'https://api.vercel.com', token: null, teamId: null, oauth: null, webhookSecret: null },
    sandbox: {
      backend: null,
      image: 'slipway-sandbox:local',
      runtime: null,
      dockerSocket: '/var/run/docker.sock',
      allowUnsafeProcess: false,
      userId: 64_321,
      stateDirectory: null,
      limits: { memoryBytes: 4_294_967_296, processes: 512, cpus: 2, diskBytes: 10_737_418_240 },
    },
    egress: { agent: { allow: [], uploadLimitBytes: 20_971_520 }, setup: null, allowPrivate: [] },
    worker: { sessions: 4, leaseMs: 15_000, heartbeatMs: 5_000 },
    unknownNames: [],
  })
})

test('a variable that is set to nothing counts as not set', () => {
  expect(settingsOf({ ...HOME, PORT: '', GITHUB_TOKEN: ' ', SLIPWAY_HOME: '' })).toMatchObject({
    http: { port: 3000 },
    github: { token: null },
    home: '/home/ada/.slipway',
  })
})

test('white space around a value is no part of it, for the models either', () => {
  const read = readSettings({ OPENAI_COMPATIBLE_BASE_URL: '\n', ANTHROPIC_BASE_URL: ' http://127.0.0.1:9/ ', HOME: '/home/me' })
  expect(read.ok && read.settings.models.anthropic.baseUrl).toBe('http://127.0.0.1:9/v1')
  expect(read.ok && read.settings.models.openaiCompatible).toEqual(read.ok && read.settings.models.openai)
})

test('every problem is reported at once, with the name, the value and what to type', () => {
  expect(
    readSettings({
      ...HOME,
      PORT: 'eighty',
      SLIPWAY_SESSION_BUDGET_USD: '5 EUR',
      SLIPWAY_SANDBOX: 'podman',
      DOCKER_HOST: 'tcp://10.0.0.1:2375',
    }),
  ).toEqual({
    ok: false,
    problems: [
      'PORT must be a whole number from 0 to 65535. It is: "eighty"',
      'SLIPWAY_SESSION_BUDGET_USD must be an amount in US dollars such as 5 or 0.50. It is: "5 EUR"',
      'SLIPWAY_SANDBOX must be one of docker, bubblewrap. It is: "podman"',
      'DOCKER_HOST must name a local socket such as unix:///var/run/docker.sock. It is: "tcp://10.0.0.1:2375"',
    ],
  })
})

test('a sender that is too long is told how long one may be', () => {
  const read = readSettings({ ...HOME, SMTP_URL: 'smtp://127.0.0.1:25', MAIL_FROM: 'a'.repeat(400) })
  expect(read).toMatchObject({ ok: false, problems: [expect.stringMatching(/^MAIL_FROM must be an address of at most 320/)] })
})

test('a problem never repeats what may be a credential', () => {
  const result = readSettings({
    ...HOME,
    DATABASE_URL: 'mysql://ada:hunter2@db/slipway',
    GITHUB_API_URL: 'https://ada:hunter2@github.example.org',
  })
  expect(result).toMatchObject({ ok: false })
  expect(JSON.stringify(result)).not.toContain('hunter2')
})

test('credentials print as [secret] and can still be used', () => {
  const settings = settingsOf({
    ...HOME,
    GITHUB_TOKEN: 'a-token',
    ANTHROPIC_API_KEY: 'a-key',
    DATABASE_URL: 'postgres://ada:word@db/slipway',
  })
  expect(JSON.stringify(settings)).not.toMatch(/a-token|a-key|word@/)
  expect([settings.github.token?.reveal(), settings.models.anthropic.key?.reveal(), settings.databaseUrl?.reveal()]).toEqual([
    'a-token',
    'a-key',
    'postgres://ada:word@db/slipway',
  ])
})

describe('services', () => {
  const pem = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey

  test.each([
    ['as it is', pem],
    ['in one line', pem.replaceAll('\n', '\\n')],
    ['in base64', Buffer.from(pem).toString('base64')],
  ])('the key of a GitHub App can be set %s', (_name, typed) => {
    const { app } = settingsOf({ ...HOME, GITHUB_APP_ID: '12345', GITHUB_APP_PRIVATE_KEY: typed }).github
    expect([app?.id, app?.privateKey.reveal().trim()]).toEqual(['12345', pem.trim()])
  })

  test('a key that is none is refused and not repeated, and so is the first half of a pair', () => {
    expect(readSettings({ ...HOME, GITHUB_APP_ID: '12345', GITHUB_APP_PRIVATE_KEY: 'hunter2', GITLAB_CLIENT_ID: 'slipway' })).toEqual({
      ok: false,
      problems: [
        'GITHUB_APP_PRIVATE_KEY must be a private key as in a .pem file, which begins with -----BEGIN.',
        'GITLAB_CLIENT_ID must come with GITLAB_CLIENT_SECRET. Set both or neither.',
      ],
    })
  })

  test.each(['GITHUB_URL', 'GITHUB_API_URL', 'GITLAB_URL', 'NOTION_API_URL', 'VERCEL_URL', 'VERCEL_API_URL'])(
    '%s may be http on this machine only, because tokens are sent there',
    (name) => {
      expect(readSettings({ ...HOME, [name]: 'http://127.0.0.1:8080/below/' }).ok).toBe(true)
      expect(readSettings({ ...HOME, [name]: 'http://forge.example.org' })).toMatchObject({
        ok: false,
        problems: [expect.stringContaining('must start with https://')],
      })
    },
  )

  test('several secret keys are separated by commas, the present one first, and none may be short', () => {
    const [one, other] = ['1'.repeat(32), '2'.repeat(40)]
    const { secretKeys } = settingsOf({ ...HOME, SLIPWAY_SECRET_KEY: `${one}, ${other}` }).signIn
    expect(secretKeys?.map((key) => key.reveal())).toEqual([one, other])
    expect(readSettings({ ...HOME, SLIPWAY_SECRET_KEY: `${one},short` })).toMatchObject({ ok: false })
  })
})

test('a misspelt name is pointed out', () => {
  expect(settingsOf({ ...HOME, SLIPWAY_BUGDET: '5', SLIPWAY_TEST_DATABASE_URL: 'postgres://x/y' }).unknownNames).toEqual(['SLIPWAY_BUGDET'])
})

describe('money', () => {
  test.each([
    ['0', 0],
    ['0.5', 500_000],
    ['0.000001', 1],
    ['1234567.89', 1_234_567_890_000],
  ])('%s dollars are %i micro-dollars', (typed, micros) => {
    expect(settingsOf({ ...HOME, SLIPWAY_DAILY_BUDGET_USD: typed }).dailyBudgetMicros).toBe(micros)
  })

  test.each(['-1', '1e3', '0.0000001', 'five', '$5', '99999999'])('%s is refused', (typed) => {
    expect(readSettings({ ...HOME, SLIPWAY_DAILY_BUDGET_USD: typed })).toMatchObject({ ok: false })
  })
})

describe('models', () => {
  test('the first key that is set decides, with a cheap model of the same provider for the helpers', () => {
    const roles = settingsOf({ ...HOME, OPENAI_API_KEY: 'x', GOOGLE_GENERATIVE_AI_API_KEY: 'y' }).roles
    expect([roles?.plan.model, roles?.code.model, roles?.explore.model, roles?.title.model]).toEqual([
      'openai/gpt-5.1',
      'openai/gpt-5.1',
      'openai/gpt-5-mini',
      'openai/gpt-5-mini',
    ])
  })

  test('a named model is used for every role when its provider has no known cheap one', () => {
    const roles = settingsOf({ ...HOME, OPENAI_API_KEY: 'x', SLIPWAY_MODEL: 'ollama/qwen3:8b' }).roles
    expect(new Set(Object.values(roles ?? {}).map(({ model }) => model))).toEqual(new Set(['ollama/qwen3:8b']))
  })

  test('roles can be set one by one, with effort and fallback', () => {
    const roles = settingsOf({
      ...HOME,
      SLIPWAY_MODEL: 'openai/a',
      SLIPWAY_MODEL_PLAN: 'anthropic/b',
      SLIPWAY_EFFORT: 'high',
      SLIPWAY_FALLBACK_MODEL: 'google/c',
    }).roles
    expect(roles?.plan).toEqual({ model: 'anthropic/b', effort: 'high', fallback: 'google/c' })
    expect(roles?.code).toEqual({ model: 'openai/a', effort: 'high', fallback: 'google/c' })
  })

  test('a name without a provider is refused: it would be ambiguous', () => {
    expect(readSettings({ ...HOME, SLIPWAY_MODEL: 'gpt-5' })).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('SLIPWAY_MODEL must be provider/model')],
    })
  })
})

test('the model adapter would choose the same model for each key', async () => {
  for (const key of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY']) {
    const settings = settingsOf({ ...HOME, [key]: 'x' })
    expect(settings.roles?.code.model).toBe(await defaultModel(settings.models))
  }
})

describe('hosts', () => {
  test('a list is split and cleaned', () => {
    expect(settingsOf({ ...HOME, SLIPWAY_EGRESS_ALLOW: ' Example.org , *.example.com:8443,' }).egress.agent.allow).toEqual([
      'example.org',
      '*.example.com:8443',
    ])
  })

  test('private addresses are opened pair by pair', () => {
    expect(settingsOf({ ...HOME, SLIPWAY_EGRESS_ALLOW_PRIVATE: 'Registry.local:5000, 10.0.0.7:443' }).egress.allowPrivate).toEqual([
      'registry.local:5000',
      '10.0.0.7:443',
    ])
    expect(readSettings({ ...HOME, SLIPWAY_EGRESS_ALLOW_PRIVATE: '10.0.0.0/8' })).toMatchObject({ ok: false })
  })

  test.each(['*', 'a.*.org', 'http://example.org', 'exa mple.org', 'example.org/path', '-x.org'])('%s is refused', (typed) => {
    expect(readSettings({ ...HOME, SLIPWAY_EGRESS_ALLOW: typed })).toMatchObject({ ok: false })
  })
})

describe('previews', () => {
  const PUBLIC = { ...HOME, SLIPWAY_PUBLIC_URL: 'https://slipway.example.org' }

  test('have a wildcard address below which the interface does not lie', () => {
    expect(settingsOf({ ...PUBLIC, SLIPWAY_PREVIEW_URL: 'https://*.Preview.example.org/' }).preview.url).toBe(
      'https://*.preview.example.org',
    )
    expect(readSettings({ ...PUBLIC, SLIPWAY_PREVIEW_URL: 'https://*.example.org' })).toMatchObject({
      ok: false,
      problems: [expect.stringContaining('must not cover the host name of SLIPWAY_PUBLIC_URL')],
    })
  })

  test.each([
    'https://preview.example.org',
    'http://*.example.org',
    'https://*',
    'https://*.org',
    'https://*.*.example.org',
    'https://*.example.org/path',
    'https://a*.example.org',
  ])('%s is refused', (typed) => {
    expect(readSettings({ ...HOME, SLIPWAY_PREVIEW_URL: typed })).toMatchObject({ ok: false })
  })
})

function settingsOf(environment: Environment) {
  const result = readSettings(environment)
  if (!result.ok) throw new Error(result.problems.join('\n'))
  return result.settings
}

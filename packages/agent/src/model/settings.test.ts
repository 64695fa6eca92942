import { expect, test } from 'vitest'
import { modelSettingsFrom } from './settings.ts'

test('an address without a path gets the version’s path, one with a path is taken as it is', () => {
  const urls = (environment: Record<string, string>) => {
    const settings = modelSettingsFrom(environment, '/')
    return [settings.anthropic, settings.openai, settings.openaiCompatible, settings.google, settings.ollama].map(
      (access) => access.baseUrl,
    )
  }
  expect(urls({})).toEqual([
    'https://api.anthropic.com/v1',
    'https://api.openai.com/v1',
    'https://api.openai.com/v1',
    'https://generativelanguage.googleapis.com/v1beta',
    'http://127.0.0.1:11434/api',
  ])
  expect(
    urls({
      ANTHROPIC_BASE_URL: 'https://gw.example/anthropic/v1/',
      OPENAI_BASE_URL: 'http://127.0.0.1:9',
      GOOGLE_GENERATIVE_AI_BASE_URL: 'https://g.example/x',
      OLLAMA_BASE_URL: 'http://gpu:11434/',
      OPENAI_COMPATIBLE_BASE_URL: 'http://vllm:8000/v1',
    }),
  ).toEqual([
    'https://gw.example/anthropic/v1',
    'http://127.0.0.1:9/v1',
    'http://vllm:8000/v1',
    'https://g.example/x',
    'http://gpu:11434/api',
  ])
})

test('OpenAI’s key goes to another server only together with OpenAI’s address', () => {
  const together = modelSettingsFrom({ OPENAI_API_KEY: 'sk-openai', OPENAI_BASE_URL: 'http://vllm:8000' }, '/')
  expect([together.openaiCompatible.key?.reveal(), together.openaiCompatible.baseUrl]).toEqual(['sk-openai', 'http://vllm:8000/v1'])
  const apart = modelSettingsFrom({ OPENAI_API_KEY: 'sk-openai', OPENAI_COMPATIBLE_BASE_URL: 'http://vllm:8000' }, '/')
  expect(apart.openaiCompatible).toEqual({ key: null, baseUrl: 'http://vllm:8000/v1' })
})

test('a wrong address is refused with the name of its variable', () => {
  expect(() => modelSettingsFrom({ OLLAMA_BASE_URL: 'not a url' }, '/')).toThrow('OLLAMA_BASE_URL is not a URL')
  expect(() => modelSettingsFrom({ OPENAI_BASE_URL: 'https://user:pass@host/v1' }, '/')).toThrow(
    'OPENAI_BASE_URL must not contain a user name or password',
  )
})

test('settings can be logged without their keys', () => {
  const settings = modelSettingsFrom({ ANTHROPIC_API_KEY: 'sk-ant-private', OLLAMA_CONTEXT_TOKENS: '65536' }, '/')
  expect(JSON.stringify(settings)).not.toContain('private')
  expect(settings.ollama.contextTokens).toBe(65_536)
  expect(modelSettingsFrom({ ANTHROPIC_API_KEY: '  ', OLLAMA_CONTEXT_TOKENS: '-1' }, '/')).toMatchObject({
    anthropic: { key: null },
    ollama: { contextTokens: 32_768 },
  })
})

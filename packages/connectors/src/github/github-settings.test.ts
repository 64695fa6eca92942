import { expect, it } from 'vitest'
import { githubSettings } from './github-settings.ts'

const addresses = (given: Parameters<typeof githubSettings>[0]) => {
  const made = githubSettings(given)
  return made.ok ? [made.settings.url, made.settings.apiUrl] : made.message
}

it.each([
  [{}, ['https://github.com', 'https://api.github.com']],
  [{ url: 'https://github.com/' }, ['https://github.com', 'https://api.github.com']],
  [{ url: 'https://git.example.org' }, ['https://git.example.org', 'https://git.example.org/api/v3']],
  [{ url: 'https://acme.ghe.com' }, ['https://acme.ghe.com', 'https://api.acme.ghe.com']],
  [{ url: 'http://127.0.0.1:4000', apiUrl: 'http://127.0.0.1:4001/' }, ['http://127.0.0.1:4000', 'http://127.0.0.1:4001']],
])('finds the addresses for %o', (given, expected) => {
  expect(addresses(given)).toEqual(expected)
})

it.each([
  [{ url: 'github.example.org' }, 'GITHUB_URL is not an address'],
  [{ url: 'http://git.example.org' }, 'GITHUB_URL must start with https://'],
  [{ url: 'https://user:pass@git.example.org' }, 'GITHUB_URL holds a credential'],
  [{ apiUrl: 'https://api.example.org?x=1' }, 'GITHUB_API_URL may not have a query'],
])('refuses %o', (given, message) => {
  expect(addresses(given)).toContain(message)
})

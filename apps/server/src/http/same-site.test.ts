import { expect, test } from 'vitest'
import { ruleOnSite } from './same-site.ts'

const publicUrl = new URL('https://slipway.example.com')

function allows(headers: { host?: string; origin?: string; fetchSite?: string }, url: URL | null = null): boolean {
  return ruleOnSite({ host: headers.host, origin: headers.origin, fetchSite: headers.fetchSite }, url).ok
}

test.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '[::1]:3000', 'LOCALHOST:3000'])('answers the loopback name %s', (host) => {
  expect(allows({ host })).toBe(true)
})

test.each([
  undefined,
  '',
  'evil.test',
  'evil.test:3000',
  'localhost.evil.test',
  '127.0.0.1.evil.test',
  'localhost@evil.test',
  '127.0.0.1:3000.evil',
  '0.0.0.0:3000',
  'slipway.example.com',
])('refuses the Host %s', (host) => {
  expect(allows(host === undefined ? {} : { host })).toBe(false)
})

test('answers the public address once it is configured', () => {
  expect(allows({ host: 'slipway.example.com', origin: 'https://slipway.example.com' }, publicUrl)).toBe(true)
  expect(allows({ host: 'slipway.example.com', origin: 'http://slipway.example.com' }, publicUrl)).toBe(false)
})

test.each(['null', 'http://evil.test', 'http://localhost:8080', 'https://localhost:3000', 'http://localhost:3000.evil.test', ''])(
  'refuses the foreign Origin %s',
  (origin) => {
    expect(allows({ host: 'localhost:3000', origin })).toBe(false)
  },
)

test('allows our own Origin', () => {
  expect(allows({ host: 'localhost:3000', origin: 'http://localhost:3000', fetchSite: 'same-origin' })).toBe(true)
})

test('refuses what the browser itself calls cross-site, even without an Origin', () => {
  expect(allows({ host: 'localhost:3000', fetchSite: 'cross-site' })).toBe(false)
})

test('refuses what a sister of our host name, such as a preview, asks for as a picture; links and our own pages go through', () => {
  const host = 'slipway.example.com'
  expect(allows({ host, fetchSite: 'same-site' }, publicUrl)).toBe(false)
  expect(allows({ host, fetchSite: 'same-site', origin: 'https://x.preview.example.com' }, publicUrl)).toBe(false)
  expect(allows({ host, fetchSite: 'same-site', origin: 'https://slipway.example.com' }, publicUrl)).toBe(true)
  expect(ruleOnSite({ host, origin: undefined, fetchSite: 'same-site', isVisit: true }, publicUrl).ok).toBe(true)
})

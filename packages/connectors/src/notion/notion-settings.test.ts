import { expect, it } from 'vitest'
import { notionIdFrom } from './notion-id.ts'
import { notionSettings } from './notion-settings.ts'

it.each([
  [undefined, 'https://api.notion.com'],
  ['https://notion.example.org/', 'https://notion.example.org'],
  ['https://notion.example.org/v1', 'https://notion.example.org'],
  ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
])('takes %s as %s', (apiUrl, expected) => {
  expect(notionSettings({ apiUrl })).toMatchObject({ ok: true, settings: { apiUrl: expected } })
})

it.each([
  ['notion.example.org', 'is not an address'],
  ['http://notion.example.org', 'must start with https://'],
  ['https://user:pass@notion.example.org', 'holds a credential'],
  ['https://notion.example.org?x=1', 'may not have a query'],
])('refuses %s', (apiUrl, message) => {
  expect(notionSettings({ apiUrl })).toMatchObject({ ok: false, message: expect.stringContaining(message) })
})

it.each([
  ['0f3a1b2c-1111-4222-8333-444455556666', '0f3a1b2c-1111-4222-8333-444455556666'],
  ['0F3A1B2C111142228333444455556666', '0f3a1b2c-1111-4222-8333-444455556666'],
  ['https://www.notion.so/acme/Fix-the-clock-0f3a1b2c111142228333444455556666?pvs=4', '0f3a1b2c-1111-4222-8333-444455556666'],
  ['fix the clock', null],
  ['0f3a1b2c1111422283334444555566667777', null],
])('finds the id in %s', (text, id) => {
  expect(notionIdFrom(text)).toBe(id)
})

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { withCurrentTables } from './configuration-page.ts'

const page = resolve(import.meta.dirname, '../../../../docs/configuration.md')

test('docs/configuration.md lists exactly the settings that are read (if not: make docs)', async () => {
  const text = await readFile(page, 'utf8')
  expect(text).toBe(withCurrentTables(text))
})

test('a page without a place for the tables is refused', () => {
  expect(() => withCurrentTables('# Configuration')).toThrow(/needs the lines/)
})

// Brings the parts of the documentation that are made from code up to date.

import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { withCurrentTables } from '../apps/server/src/settings/configuration-page.ts'

const page = resolve(import.meta.dirname, '../docs/configuration.md')
await writeFile(page, withCurrentTables(await readFile(page, 'utf8')))

// Brings the parts of the documentation that are made from code up to date.

import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { withCurrentTables } from '../apps/server/src/settings/configuration-page.ts'
import { withCurrentFailures } from '../e2e/model-faults/page.ts'

await rewrite('configuration.md', withCurrentTables)
await rewrite('model-failures.md', withCurrentFailures)

async function rewrite(name: string, current: (page: string) => string): Promise<void> {
  const path = resolve(import.meta.dirname, '../docs', name)
  await writeFile(path, current(await readFile(path, 'utf8')))
}

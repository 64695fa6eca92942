// Where the pages of this checkout are, and how they get there.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

const web = resolve(import.meta.dirname, '../../../web')

/** Folder of the exported pages; it may not exist. */
export const builtPages = join(web, 'out')

/** Builds them when they are missing or old. A failure says on stderr what to do and leaves the API without new pages. */
export function buildPages(): Promise<void> {
  const program = join(web, 'build.ts')
  // An installation that brings built pages only has nothing to build from.
  if (!existsSync(program)) return Promise.resolve()
  return new Promise((done) => {
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'ignore', 'inherit'] })
    child.on('error', () => done())
    child.on('close', () => done())
  })
}

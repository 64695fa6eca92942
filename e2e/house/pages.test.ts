// How the pages are built, in a checkout that somebody else owns.

import { execFile } from 'node:child_process'
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = resolve(import.meta.dirname, '../..')
const NOBODY = 65_534

let checkout: string
beforeEach(async () => {
  if (process.getuid?.() !== 0) throw new Error('Only root can start a program as somebody else, so this test has to run as root.')
  checkout = await mkdtemp(join(tmpdir(), 'slipway-pages-'))
  await chmod(checkout, 0o755)
  for (const path of ['apps/web/build.ts', 'apps/server/src/web/inline-scripts.ts']) {
    await mkdir(dirname(join(checkout, path)), { recursive: true })
    await cp(join(root, path), join(checkout, path))
  }
  await writeFile(join(checkout, 'package.json'), '{"type":"module"}')
  await writeFile(join(checkout, 'package-lock.json'), '{}')
})
afterEach(() => rm(checkout, { recursive: true, force: true }))

test('an account that may not write the checkout is told who builds the pages, and how', async () => {
  const web = join(checkout, 'apps/web')
  const building = promisify(execFile)(process.execPath, [join(web, 'build.ts')], { uid: NOBODY, gid: NOBODY, cwd: '/' })
  await expect(building).rejects.toMatchObject({
    code: 1,
    stderr: `slipway: the pages are not built, and this user may not write in ${web} (EACCES). The API works without them; for the pages, run once as the owner of that folder: ${join(checkout, 'scripts/start')} ${join(web, 'build.ts')}\n`,
  })
})

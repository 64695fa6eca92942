// A local forge on a bare repository, for tests.

import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { git } from '../../../../e2e/doubles/github/git-command.ts'
import { openLocalForge } from '../local/open-local-forge.ts'
import type { ForgeFixture, ForgeSeed } from './forge-contract.ts'

export async function startLocalForge({ home, source }: ForgeSeed): Promise<ForgeFixture> {
  const published = path.join(home, source === null ? 'empty.git' : 'published.git')
  await mkdir(published)
  await git(
    published,
    source === null ? ['init', '--quiet', '--bare', '--initial-branch=main', '.'] : ['clone', '--quiet', '--bare', source, '.'],
  )
  return {
    forge: openLocalForge({ home, clock: { now: () => Date.now(), sleep: () => Promise.resolve() } }),
    repository: { url: published, forge: 'local', slug: null, base: null },
    published,
    close: () => Promise.resolve(),
  }
}

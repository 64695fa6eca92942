// Builds the pages into `out`, when they are missing or older than what they are made of; else does nothing.
// Several processes may start at once: one builds, the others wait for it.

import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { pagePolicy } from '../server/src/web/inline-scripts.ts'

const web = import.meta.dirname
const root = resolve(web, '../..')
const out = join(web, 'out')
/** The hash of what `out` was built from. */
const stamp = join(web, '.built-from')
const lock = join(web, '.building')
const SMALLEST_COMPRESSED_BYTES = 1_000
/** For servers that cannot send each page its own: one Content-Security-Policy that fits them all. */
const POLICY = 'content-security-policy.txt'
/** Level 9 takes 24 s instead of 2 s for all pages and saves 2.5 %. */
const BROTLI_QUALITY = 5

process.exitCode = await build().catch(notOurs)

async function build(): Promise<number> {
  const wanted = hashOfSources()
  if (isBuilt(wanted)) return 0
  await takeLock()
  try {
    if (isBuilt(wanted)) return 0
    console.error('slipway: building the pages (once for each version, about 20 s) …')
    rmSync(stamp, { force: true })
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: web,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      encoding: 'utf8',
    })
    if (status !== 0) {
      console.error(
        `${stdout}\n${stderr}\nslipway: the pages could not be built; the messages are above. To try again: node apps/web/build.ts`,
      )
      return 1
    }
    writeFileSync(join(out, POLICY), `${policyOfAll()}\n`)
    for (const path of filesBelow(out)) compress(join(out, path))
    writeFileSync(stamp, wanted)
    return 0
  } finally {
    rmSync(lock, { recursive: true, force: true })
  }
}

/** A checkout that belongs to somebody else, or lies on a medium that nobody writes. */
function notOurs(error: NodeJS.ErrnoException): number {
  if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error
  const build = `${join(root, 'scripts/start')} ${join(web, 'build.ts')}`
  console.error(
    `slipway: the pages are not built, and this user may not write in ${web} (${error.code}). The API works without them; for the pages, run once as the owner of that folder: ${build}`,
  )
  return 1
}

function isBuilt(wanted: string): boolean {
  return existsSync(join(out, 'index.html')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted
}

function hashOfSources(): string {
  const hash = createHash('sha256')
  const take = (path: string): void =>
    void hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(root, path)))
      .update('\0')
  take('package-lock.json')
  for (const name of readdirSync(web).toSorted()) if (/\.(ts|mjs|json)$/.test(name) && name !== 'next-env.d.ts') take(`apps/web/${name}`)
  for (const folder of ['apps/web/src', 'apps/web/public', 'packages/core/src']) {
    for (const path of filesBelow(join(root, folder)).toSorted()) if (!path.includes('.test.')) take(`${folder}/${path}`)
  }
  return hash.digest('hex')
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder, { recursive: true }) as string[]
  return names.filter((name) => statSync(join(folder, name)).isFile())
}

function policyOfAll(): string {
  const pages = filesBelow(out).filter((path) => path.endsWith('.html'))
  return pagePolicy(pages.map((path) => readFileSync(join(out, path), 'utf8')).join('\n'))
}

/** The server sends what a browser accepts, without compressing anything itself. */
function compress(path: string): void {
  if (!/\.(js|css|html|txt|svg|json|webmanifest|wasm|map)$/.test(path)) return
  const content = readFileSync(path)
  if (content.length < SMALLEST_COMPRESSED_BYTES) return
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }
  writeFileSync(`${path}.br`, brotliCompressSync(content, quality))
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
}

/** A folder is made by exactly one process; one whose maker is dead is taken over. */
async function takeLock(): Promise<void> {
  for (;;) {
    try {
      mkdirSync(lock)
      writeFileSync(join(lock, 'pid'), String(process.pid))
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (isAbandoned()) rmSync(lock, { recursive: true, force: true })
      else await new Promise((done) => setTimeout(done, 200))
    }
  }
}

function isAbandoned(): boolean {
  try {
    process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0)
    return false
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Made a moment ago, its maker not yet written down; old and unnamed means that it died in between.
    if (code === 'ENOENT') return existsSync(lock) && Date.now() - statSync(lock).mtimeMs > 5_000
    return code === 'ESRCH'
  }
}

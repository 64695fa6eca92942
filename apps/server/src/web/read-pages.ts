// The exported pages as a table, read once at start: which address is answered with which file.

import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pagePolicy } from './inline-scripts.ts'

export interface PageFile {
  /** Below the folder of the pages. */
  path: string
  /** Content-Security-Policy of an HTML file; null for the others. */
  policy: string | null
  /** Its name changes whenever its content does. */
  isImmutable: boolean
}

export interface Pages {
  folder: string
  /** null: nothing lies at this address. */
  find(pathname: string): PageFile | null
  notFound: PageFile | null
}

/** A segment that stands for any id: `sessions/_.html` is the page of every session. */
const ANY = '_'
const ID = /^[0-9A-Za-z_-]{1,128}$/

/** null: the folder does not exist or holds no page. */
export async function readPages(folder: string): Promise<Pages | null> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const paths = names
    .filter((entry) => entry.isFile() && !/\.(br|gz)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  if (!paths.includes('index.html')) return null
  const byAddress = new Map<string, PageFile>()
  for (const path of paths) byAddress.set(addressOf(path), await describe(folder, path))
  return {
    folder,
    notFound: byAddress.get('/404') ?? null,
    find(pathname) {
      const decoded = decode(pathname)
      return byAddress.get(decoded) ?? byAddress.get(withAnyId(decoded)) ?? null
    },
  }
}

async function describe(folder: string, path: string): Promise<PageFile> {
  const policy = path.endsWith('.html') ? pagePolicy(await readFile(join(folder, path), 'utf8')) : null
  return { path, policy, isImmutable: path.startsWith('_next/static/') }
}

function addressOf(path: string): string {
  if (path === 'index.html') return '/'
  return `/${path.replace(/\.html$/, '')}`
}

/** `/sessions/abc.txt` as `/sessions/_.txt`, `/sessions/abc/x.txt` as `/sessions/_/x.txt`. */
function withAnyId(pathname: string): string {
  const [empty, page, id = '', ...rest] = pathname.split('/')
  const [name = '', ...endings] = rest.length === 0 ? id.split('.') : [id]
  if (!ID.test(name) || endings.length > 1) return pathname
  return [empty, page, [ANY, ...endings].join('.'), ...rest].join('/')
}

function decode(pathname: string): string {
  try {
    return decodeURIComponent(pathname)
  } catch {
    return pathname
  }
}

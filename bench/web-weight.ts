// How much JavaScript and CSS a browser fetches before a page works, compressed as a server would send it (gzip).
// usage: node bench/web-weight.ts      Ends with 1 when a page is over the limit. Build first: node apps/web/build.ts

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

const LIMIT_BYTES = 200 * 1024
const out = resolve(import.meta.dirname, '../apps/web/out')
const sizes = new Map<string, number>()

const pages = (readdirSync(out, { recursive: true }) as string[]).filter((name) => name.endsWith('.html')).toSorted()
const rows = pages.map((name) => {
  const html = readFileSync(join(out, name), 'utf8')
  return { name, script: total(scriptsOf(html)), style: total(stylesOf(html)), files: scriptsOf(html).length }
})
for (const { name, script, style, files } of rows) {
  const mark = script <= LIMIT_BYTES ? '✓' : '✗'
  console.log(`${mark} ${name.padEnd(22)} ${kilobytes(script)} script in ${String(files).padStart(2)} files  ${kilobytes(style)} style`)
}
process.exitCode = rows.every(({ script }) => script <= LIMIT_BYTES) ? 0 : 1

/** Old browsers only take what is marked `nomodule`. */
function scriptsOf(html: string): string[] {
  return [...html.matchAll(/<script\b([^>]*)\ssrc="([^"]+)"([^>]*)>/g)]
    .filter(([, before, , after]) => !/nomodule/i.test(`${before}${after}`))
    .map(([, , source = '']) => source)
}

function stylesOf(html: string): string[] {
  return [...html.matchAll(/<link\b[^>]*rel="stylesheet"[^>]*href="([^"]+)"/g)].map(([, source = '']) => source)
}

function total(sources: string[]): number {
  return [...new Set(sources)].reduce((sum, source) => sum + sizeOf(source), 0)
}

function sizeOf(source: string): number {
  const known = sizes.get(source)
  if (known !== undefined) return known
  const [path = ''] = source.split('?')
  const size = gzipSync(readFileSync(join(out, path)), { level: 9 }).length
  sizes.set(source, size)
  return size
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`.padStart(9)
}

// How much JavaScript and CSS a browser fetches before a page works, compressed as a server would send it (gzip).
// usage: node bench/web-weight.ts      Ends with 1 when a page is over the limit. Build first: node apps/web/build.ts

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

export const LIMIT_BYTES = 200 * 1024
const out = resolve(import.meta.dirname, '../apps/web/out')

interface PageWeight {
  /** Of the HTML file. */
  name: string
  scriptBytes: number
  styleBytes: number
  files: number
}

/** What each built page makes a browser fetch before it works. */
export function weighPages(): PageWeight[] {
  const pages = (readdirSync(out, { recursive: true }) as string[]).filter((name) => name.endsWith('.html')).toSorted()
  return pages.map((name) => {
    const html = readFileSync(join(out, name), 'utf8')
    return { name, scriptBytes: total(scriptsOf(html)), styleBytes: total(stylesOf(html)), files: scriptsOf(html).length }
  })
}

function tell(): void {
  const pages = weighPages()
  for (const { name, scriptBytes, styleBytes, files } of pages) {
    const mark = scriptBytes <= LIMIT_BYTES ? '✓' : '✗'
    const count = String(files).padStart(2)
    console.log(`${mark} ${name.padEnd(22)} ${kilobytes(scriptBytes)} script in ${count} files  ${kilobytes(styleBytes)} style`)
  }
  process.exitCode = pages.every(({ scriptBytes }) => scriptBytes <= LIMIT_BYTES) ? 0 : 1
}

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
  const [path = ''] = source.split('?')
  return gzipSync(readFileSync(join(out, path)), { level: 9 }).length
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`.padStart(9)
}

if (import.meta.main) tell()

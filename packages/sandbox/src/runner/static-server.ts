// Serves a folder of plain files on loopback, for projects that are pages without a server of their own.
// usage: node static-server.cjs <folder> <port>

import { createReadStream, realpathSync, statSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.gif': 'image/gif',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}

const root = realpathSync(process.argv[2] as string)

createServer((request, response) => {
  const path = pathOf(request.url ?? '/')
  const file = path === null ? null : find(path)
  if (file === null) return missing(response)
  response.writeHead(200, { 'content-type': TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream', 'cache-control': 'no-cache' })
  if (request.method === 'HEAD') return void response.end()
  createReadStream(file)
    .on('error', () => response.destroy())
    .pipe(response)
}).listen(Number(process.argv[3]), '127.0.0.1', () => {
  process.stdout.write(`Serving the files of ${process.argv[2]} on port ${process.argv[3]}.\n`)
})

function missing(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' })
  response.end('There is no such file.\n')
}

function pathOf(url: string): string | null {
  try {
    return decodeURIComponent(new URL(url, 'http://files.invalid').pathname)
  } catch {
    return null
  }
}

/** The file itself, its folder's index.html, or the file with .html behind its name; nothing outside of the folder. */
function find(path: string): string | null {
  for (const name of [path, join(path, 'index.html'), `${path}.html`]) {
    try {
      const real = realpathSync(join(root, name))
      if ((real === root || real.startsWith(root + sep)) && statSync(real).isFile()) return real
    } catch {
      /* not this one */
    }
  }
  return null
}

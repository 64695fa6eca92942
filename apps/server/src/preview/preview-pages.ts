// What a preview's origin answers itself: plain pages that say what is the matter and what to do.

import type { ServerResponse } from 'node:http'
import { framePolicy } from './proxy-headers.ts'

export interface Notice {
  status: number
  title: string
  text: string
}

/** The same for a preview that does not exist and for one that is somebody else's. */
export const NOT_HERE: Notice = {
  status: 404,
  title: 'There is no preview here for you',
  text: 'Open it from the Preview tab of its session. A preview is shown to its owner alone, and the way in counts once.',
}

export const NOT_A_PREVIEW: Notice = {
  status: 421,
  title: 'This address is not answered here',
  text: 'Previews have host names of their own, which the Preview tab of a session knows.',
}

export function sendNotice(response: ServerResponse, { status, title, text }: Notice, framedBy: string | null): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; ${framePolicy(framedBy)}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Some of the request may not have been read.
    connection: 'close',
  })
  response.end(page(title, text))
}

function page(title: string, text: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-content:center;padding:24px;box-sizing:border-box}
main{max-width:28rem;text-align:center}h1{font-size:1rem;font-weight:600;margin:0 0 .25rem}p{margin:0;opacity:.75}</style>
<main><h1>${escaped(title)}</h1><p>${escaped(text)}</p></main></html>
`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

// A whole session as one page that needs nothing else: no script, no picture, no address is fetched.

import { createHash } from 'node:crypto'
import MarkdownIt from 'markdown-it'
import type { SessionEvent } from '@slipway/core/events'
import type { SessionView } from '../contract/session-schemas.ts'
import { exportMarkdown } from './export-markdown.ts'

const STYLE = `:root { color-scheme: light dark }
body { font: 15px/1.55 system-ui, sans-serif; max-width: 52rem; margin: 2.5rem auto; padding: 0 1.25rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.2rem } h3 { font-size: 1rem }
pre, code { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace }
pre { background: color-mix(in srgb, currentColor 7%, transparent); padding: .75rem 1rem; border-radius: 6px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
code { background: color-mix(in srgb, currentColor 7%, transparent); padding: .1em .3em; border-radius: 4px } pre code { background: none; padding: 0 }
blockquote { margin: 1rem 0; padding: .1rem 1rem; border-left: 3px solid color-mix(in srgb, currentColor 25%, transparent) }
a { color: inherit }`

/** The Markdown export, rendered. HTML in it is shown as text, pictures as their addresses. */
export function exportHtml(view: SessionView, events: readonly SessionEvent[]): string {
  const markdown = new MarkdownIt({ html: false, linkify: false }).disable('image')
  const body = markdown.render(exportMarkdown(view, events))
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${markdown.utils.escapeHtml(view.title)}</title>
<style>${STYLE}</style>
</head>
<body>
${body}</body>
</html>
`
}

'use client'

// Markdown from models and people. No raw HTML, nothing fetched from elsewhere, links that say where they lead.
// Loaded when the first text is shown.

import { defaultRehypePlugins, Streamdown, type Components } from 'streamdown'
import { CodeBlock } from './code-block.tsx'
import { OutsideLink } from './outside-link.tsx'
import { safeUrl } from './safe-url.ts'

interface HastNode {
  type?: string
  value?: string
  tagName?: string
  properties?: Record<string, unknown>
  children?: HastNode[]
}

const components: Components = {
  a: ({ href, children }) => <OutsideLink href={href}>{children}</OutsideLink>,
  img: ({ src, alt }) => <ImageNote src={src} alt={alt} />,
  pre: ({ node }) => <CodeBlock text={textIn(node as HastNode | undefined)} language={languageOf(node as HastNode | undefined)} />,
  code: ({ children }) => <code className="rounded bg-default px-1 py-px font-mono text-[0.92em] break-words">{children}</code>,
  inlineCode: ({ children }) => <code className="rounded bg-default px-1 py-px font-mono text-[0.92em] break-words">{children}</code>,
  // A heading inside a message is none of the page.
  h1: ({ children }) => <p className="mt-4 mb-1 text-lg font-semibold first:mt-0">{children}</p>,
  h2: ({ children }) => <p className="mt-4 mb-1 text-base font-semibold first:mt-0">{children}</p>,
  h3: ({ children }) => <p className="mt-3 mb-1 font-semibold first:mt-0">{children}</p>,
  h4: ({ children }) => <p className="mt-3 mb-1 font-medium first:mt-0">{children}</p>,
  h5: ({ children }) => <p className="mt-3 mb-1 font-medium first:mt-0">{children}</p>,
  h6: ({ children }) => <p className="mt-3 mb-1 font-medium first:mt-0">{children}</p>,
  p: ({ children }) => <p className="my-2 first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children }) => <ul className="my-2 list-disc space-y-1 pl-5 marker:text-muted first:mt-0 last:mb-0">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-2 list-decimal space-y-1 pl-5 marker:text-muted first:mt-0 last:mb-0">
      {children}
    </ol>
  ),
  li: ({ children }) => <li className="pl-0.5">{children}</li>,
  blockquote: ({ children }) => <blockquote className="my-2 border-l-2 border-border pl-3 text-muted">{children}</blockquote>,
  hr: () => <hr className="my-4 border-separator" />,
  strong: ({ children }) => <strong className="font-semibold">{children}</strong>,
  table: ({ children }) => (
    <div className="my-2 overflow-x-auto" role="region" aria-label="Table" tabIndex={0}>
      <table className="w-full border-collapse text-sm">{children}</table>
    </div>
  ),
  thead: ({ children }) => <thead>{children}</thead>,
  tbody: ({ children }) => <tbody>{children}</tbody>,
  tr: ({ children }) => <tr className="border-b border-separator">{children}</tr>,
  th: ({ children, node }) => <th className={`px-2 py-1 font-medium ${alignmentOf(node as HastNode | undefined)}`}>{children}</th>,
  td: ({ children, node }) => <td className={`px-2 py-1 align-top ${alignmentOf(node as HastNode | undefined)}`}>{children}</td>,
}

// Without `raw`, HTML in a text stays text that is never parsed.
const rehypePlugins = [defaultRehypePlugins['sanitize']!]

export function MarkdownView({ text, isStreaming }: { text: string; isStreaming: boolean }) {
  return (
    <Streamdown
      mode={isStreaming ? 'streaming' : 'static'}
      parseIncompleteMarkdown={isStreaming}
      components={components}
      rehypePlugins={rehypePlugins}
      skipHtml
      controls={false}
      linkSafety={{ enabled: false }}
      className="min-w-0 space-y-2 break-words"
    >
      {text}
    </Streamdown>
  )
}

/** An image would tell its server that somebody reads; it is named instead. */
function ImageNote({ src, alt }: { src: unknown; alt: unknown }) {
  const name = typeof alt === 'string' && alt !== '' ? `image: ${alt}` : 'image'
  return safeUrl(src) === null ? <span className="text-muted">[{name}]</span> : <OutsideLink href={src}>{`[${name}]`}</OutsideLink>
}

const ALIGNMENTS: Record<string, string> = { left: 'text-left', center: 'text-center', right: 'text-right tabular-nums' }

/** How the column stands, by a class of ours: nothing that a text says becomes a style. */
function alignmentOf(node: HastNode | undefined): string {
  return ALIGNMENTS[String(node?.properties?.['align'] ?? 'left')] ?? 'text-left'
}

function textIn(node: HastNode | undefined): string {
  if (node === undefined) return ''
  return node.type === 'text' ? (node.value ?? '') : (node.children ?? []).map(textIn).join('')
}

function languageOf(node: HastNode | undefined): string {
  const names = node?.children?.find((child) => child.tagName === 'code')?.properties?.['className']
  const name = Array.isArray(names) ? names.find((entry) => String(entry).startsWith('language-')) : undefined
  return name === undefined ? '' : String(name).slice('language-'.length)
}

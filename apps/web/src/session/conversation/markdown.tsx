'use client'

import { lazy, memo, Suspense } from 'react'
import { isPlain } from './is-plain.ts'

const MarkdownView = lazy(async () => ({ default: (await import('./markdown-view.tsx')).MarkdownView }))

interface MarkdownProps {
  text: string
  isStreaming?: boolean
}

/** Somebody's text as Markdown; plain until the renderer is there, and where there is nothing to render. */
export const Markdown = memo(function Markdown({ text, isStreaming = false }: MarkdownProps) {
  // Most steps say one sentence, and a long conversation shows many of them while it is scrolled.
  if (!isStreaming && isPlain(text)) return <p className="break-words">{text}</p>
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap break-words">{text}</p>}>
      <MarkdownView text={text} isStreaming={isStreaming} />
    </Suspense>
  )
})

'use client'

import { lazy, memo, Suspense } from 'react'

const MarkdownView = lazy(async () => ({ default: (await import('./markdown-view.tsx')).MarkdownView }))

/** Somebody's text as Markdown; plain until the renderer is there. */
export const Markdown = memo(function Markdown({ text, isStreaming = false }: { text: string; isStreaming?: boolean }) {
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap break-words">{text}</p>}>
      <MarkdownView text={text} isStreaming={isStreaming} />
    </Suspense>
  )
})

'use client'

import { CopyButton } from './copy-button.tsx'

/** A piece of code in a text. */
export function CodeBlock({ text, language }: { text: string; language: string }) {
  const code = text.replace(/\n$/, '')
  return (
    <div className="group relative my-2 rounded-md border border-separator bg-surface-secondary first:mt-0 last:mb-0">
      <pre tabIndex={0} className="max-h-96 overflow-auto px-3 py-2 font-mono text-xs leading-5">
        <code>{code}</code>
      </pre>
      <div className="absolute top-1 right-1 flex items-center gap-1 rounded bg-surface-secondary pl-1 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
        {language !== '' && <span className="text-2xs text-muted">{language}</span>}
        <CopyButton text={code} label="Copy the code" />
      </div>
    </div>
  )
}

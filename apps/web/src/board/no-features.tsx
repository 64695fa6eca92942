'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { toasts } from '../toasts/toasts.ts'

const EXAMPLE = `features:
  - id: sign-in
    title: People sign in
    status: done
  - id: search
    title: Search over everything
    description: Full text, with excerpts.
    needs: [sign-in]
`

/** Where a repository has no list of features yet: what one looks like and how sessions are linked to it. */
export function NoFeatures({ oid }: { oid: string | null }) {
  return (
    <section aria-label="No features yet" className="max-w-2xl rounded-lg border border-border bg-surface px-4 py-4">
      <h2 className="text-sm font-medium">This repository has no list of features yet</h2>
      <p className="mt-1 text-sm text-muted">
        Put one into <Code>.slipway/features.yaml</Code>; it is shown here as a board and as a graph of what needs what.{' '}
        {oid === null
          ? 'No session has fetched this repository yet: the list is read as soon as one has.'
          : `It is read at the commit that a session fetched last, now ${oid.slice(0, 8)}.`}
      </p>
      <CopyBlock text={EXAMPLE} name="the example" />
      <ul className="mt-3 space-y-1.5 text-sm text-muted">
        <li>
          A session belongs to a feature when its task names it in brackets: <Code>Add excerpts to the results [search]</Code>
        </li>
        <li>
          Without a <Code>status</Code>, a feature is doing once it has a session, and to do before.
        </li>
        <li>
          Tools read the same over MCP at <Code>/api/v1/mcp</Code>, with an API key from the settings.
        </li>
      </ul>
    </section>
  )
}

function Code({ children }: { children: string }) {
  return <code className="rounded bg-surface-tertiary px-1 py-0.5 font-mono text-xs break-words text-foreground">{children}</code>
}

/** Text to take along, with a button that does. */
export function CopyBlock({ text, name }: { text: string; name: string }) {
  const [isCopied, setCopied] = useState(false)
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => toasts.add({ text: 'The browser does not let this page copy. Select the text instead.', kind: 'problem' }),
    )
  }
  const Icon = isCopied ? Check : Copy
  return (
    <div className="mt-3 flex items-start gap-1 rounded-md bg-surface-secondary p-1">
      <pre className="min-w-0 flex-1 rounded px-2 py-1.5 font-mono text-xs break-words whitespace-pre-wrap">{text.trimEnd()}</pre>
      <Button
        size="sm"
        variant="ghost"
        isIconOnly
        aria-label={isCopied ? `Copied ${name}` : `Copy ${name}`}
        className="shrink-0"
        onClick={copy}
      >
        <Icon aria-hidden />
      </Button>
    </div>
  )
}

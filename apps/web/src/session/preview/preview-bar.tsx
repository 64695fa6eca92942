'use client'

import { CircleStop, ExternalLink, RotateCw } from 'lucide-react'
import { useState } from 'react'
import { messageOf } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { selectClass } from '../files/select-class.ts'
import { useSessionStore } from '../session-hooks.ts'
import { inviteTo, type Previews, usePreviewActions } from './use-previews.ts'

interface BarProps {
  previews: Previews
  port: number
  path: string
  onPort: (port: number) => void
  onGo: (path: string) => void
  onReload: () => void
}

const toolClass =
  'flex size-6 shrink-0 items-center justify-center rounded text-muted hover:bg-default hover:text-foreground disabled:opacity-40'

/** Where one is: port and path; again, elsewhere, stop. */
export function PreviewBar({ previews, port, path, onPort, onGo, onReload }: BarProps) {
  const id = useSessionStore().sessionId
  const { stop } = usePreviewActions()
  const [typed, setTyped] = useState(path)
  const isLocal = previews.sandbox === 'preview'

  function openTab(): void {
    // Opened by the click itself, or the browser takes it for a pop-up.
    const tab = window.open('about:blank', '_blank')
    if (tab !== null) tab.opener = null
    inviteTo(id, { port, path }).then(
      (url) => tab?.location.replace(url),
      (error: unknown) => {
        tab?.close()
        toasts.add({ text: messageOf(error) })
      },
    )
  }

  return (
    <form
      aria-label="Preview"
      className="flex h-9 shrink-0 items-center gap-1 border-b border-separator px-2"
      onSubmit={(event) => {
        event.preventDefault()
        const next = `/${typed.trim().replace(/^\/+/, '')}`
        setTyped(next)
        onGo(next)
      }}
    >
      <select
        aria-label="Port"
        value={port}
        className={`${selectClass} h-6 shrink-0`}
        onChange={(event) => onPort(Number(event.target.value))}
      >
        {previews.ports.map((each) => (
          <option key={each} value={each}>
            :{each}
          </option>
        ))}
      </select>
      <input
        aria-label="Path in the application"
        value={typed}
        spellCheck={false}
        autoComplete="off"
        maxLength={2_000}
        onChange={(event) => setTyped(event.target.value)}
        className="h-6 min-w-0 flex-1 rounded bg-transparent px-1 font-mono text-xs placeholder:text-field-placeholder"
      />
      <button type="button" aria-label="Reload the preview" title="Reload the preview" className={toolClass} onClick={onReload}>
        <RotateCw aria-hidden className="size-3.5" />
      </button>
      <button type="button" aria-label="Open in a tab of its own" title="Open in a tab of its own" className={toolClass} onClick={openTab}>
        <ExternalLink aria-hidden className="size-3.5" />
      </button>
      {isLocal && (
        <button
          type="button"
          aria-label="Stop preview"
          title="Stop preview: the sandbox sleeps again"
          className={toolClass}
          disabled={stop.isPending}
          onClick={() => stop.mutate()}
        >
          <CircleStop aria-hidden className="size-3.5" />
        </button>
      )}
    </form>
  )
}

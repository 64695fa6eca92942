'use client'

import { Play } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { Button } from '../../controls/button.tsx'
import { TextField } from '../../controls/text-field.tsx'
import { ErrorLine } from '../../states/error-state.tsx'
import { usePreviewActions } from './use-previews.ts'

/** Starts the application by the command that was found out, or by one that the person names. */
export function StartForm({ label, command = '' }: { label: string; command?: string }) {
  const { start } = usePreviewActions()
  const [typed, setTyped] = useState(command)
  const [port, setPort] = useState('')
  const portProblem =
    port === '' || (/^\d{1,5}$/.test(port) && Number(port) > 0 && Number(port) < 65_536) ? null : 'A number from 1 to 65535'

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (portProblem !== null) return
    const named = typed.trim()
    start.mutate({ ...(named === '' ? {} : { command: named }), ...(named === '' || port === '' ? {} : { port: Number(port) }) })
  }

  return (
    <form onSubmit={submit} className="flex w-full max-w-sm flex-col items-center gap-3 text-left">
      <Button type="submit" variant="primary" size="sm" disabled={start.isPending}>
        <Play aria-hidden className="size-3.5" />
        {label}
      </Button>
      {start.isError && <ErrorLine error={start.error} />}
      <details className="w-full text-sm" open={command !== ''}>
        <summary className="cursor-pointer text-center text-xs text-muted hover:text-foreground">With another command</summary>
        <div className="mt-2 flex gap-2">
          <TextField
            className="min-w-0 flex-1"
            label="Command"
            value={typed}
            placeholder="npm run dev"
            maxLength={2_000}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
          <TextField
            className="w-24 shrink-0"
            label="Port"
            value={port}
            placeholder="any"
            inputMode="numeric"
            maxLength={5}
            autoComplete="off"
            error={portProblem}
            onChange={(event) => setPort(event.target.value.trim())}
          />
        </div>
      </details>
    </form>
  )
}

'use client'

import { useState } from 'react'
import { Button } from '../controls/button.tsx'
import { Dialog } from '../controls/dialog.tsx'

/** The only time that a key is shown. */
export function NewKey({ name, secret, onClose }: { name: string; secret: string; onClose(): void }) {
  const [isCopied, setCopied] = useState(false)
  return (
    <Dialog
      title={`“${name}” is made`}
      onClose={onClose}
      footer={
        <Button size="sm" variant="primary" onClick={onClose}>
          I have it
        </Button>
      }
    >
      <p className="text-sm text-muted">Copy it now. It is kept here only as a hash and cannot be shown again.</p>
      <div className="mt-3 flex items-center gap-2">
        <code className="min-w-0 flex-1 rounded-md border border-border bg-surface-secondary px-2.5 py-1.5 font-mono text-xs break-all select-all">
          {secret}
        </code>
        <Button size="sm" onClick={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}>
          <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
        </Button>
      </div>
    </Dialog>
  )
}

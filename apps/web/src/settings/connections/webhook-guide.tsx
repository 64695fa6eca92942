'use client'

import { useState, type ReactNode } from 'react'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { newWebhookSecret } from './webhook-secret.ts'
import type { Webhook } from './webhooks-block.tsx'

const steps: Record<Webhook['provider'], { where: string; what: string }> = {
  github: {
    where: 'In the settings of the GitHub App, or of a repository under Webhooks, with the content type application/json.',
    what: 'Events: issues, issue comments, pull requests, reviews and their comments, check runs and suites, statuses, pushes.',
  },
  gitlab: {
    where: 'In the project or group under Settings → Webhooks; the secret as signing token where there is one, else as secret token.',
    what: 'Triggers: push, issues, comments, merge requests, jobs, pipelines.',
  },
  notion: {
    where:
      'In the integration under Webhooks. Notion sends a token once, which the server keeps in notion-verification-token in its home folder: enter it there.',
    what: 'Events: those of pages and comments.',
  },
  vercel: {
    where: 'In the team’s Settings → Webhooks. Vercel shows the secret once; of an integration it is the client secret.',
    what: 'Events: deployment created, succeeded, error, canceled, promoted.',
  },
}

/** The address and the secret to enter. A secret is made here, in the browser, and is gone when this closes. */
export function WebhookGuide({ webhook, onClose }: { webhook: Webhook; onClose(): void }) {
  const { provider, label, address, setting, isSet, makesSecret } = webhook
  const [secret, setSecret] = useState<string | null>(null)
  const { where, what } = steps[provider]
  return (
    <Dialog
      title={`The webhook of ${label}`}
      onClose={onClose}
      footer={
        <Button size="sm" variant="primary" onClick={onClose}>
          {secret === null ? 'Close' : 'I have it'}
        </Button>
      }
    >
      <div className="space-y-3 text-sm text-muted">
        <p>{where}</p>
        <Copied label="Address">{address}</Copied>
        <p>{what}</p>
        {makesSecret ? (
          <p>
            Set <code className="font-mono text-foreground">{setting}</code> on the server to the secret that {label} gives, and start the
            server again.
          </p>
        ) : secret === null ? (
          <div className="flex items-center justify-between gap-3">
            <p>{isSet ? 'A secret is set. It is not shown again; a new one takes its place on both sides.' : 'No secret is set yet.'}</p>
            <Button size="sm" onClick={() => setSecret(newWebhookSecret(provider))}>
              Make a secret
            </Button>
          </div>
        ) : (
          <>
            <Copied label="Secret">{secret}</Copied>
            <p>
              Enter it at {label}, set <code className="font-mono text-foreground">{setting}</code> to it on the server, and start the
              server again. It is kept nowhere else and cannot be shown again.
            </p>
          </>
        )}
      </div>
    </Dialog>
  )
}

function Copied({ label, children }: { label: string; children: string }): ReactNode {
  const [isCopied, setCopied] = useState(false)
  return (
    <div className="flex items-center gap-2">
      <code
        aria-label={label}
        className="min-w-0 flex-1 rounded-md border border-border bg-surface-secondary px-2.5 py-1.5 font-mono text-xs break-all text-foreground select-all"
      >
        {children}
      </code>
      <Button
        size="sm"
        aria-label={`Copy the ${label.toLowerCase()}`}
        onClick={() => void navigator.clipboard.writeText(children).then(() => setCopied(true))}
      >
        <span aria-live="polite">{isCopied ? 'Copied' : 'Copy'}</span>
      </Button>
    </div>
  )
}

'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { connectByToken, listConnectionTeams } from '@slipway/server/contract/connection-routes'
import { useState } from 'react'
import { call } from '../../api/client.ts'
import { Button } from '../../controls/button.tsx'
import { Dialog } from '../../controls/dialog.tsx'
import { TextField } from '../../controls/text-field.tsx'
import { ErrorLine } from '../../states/error-state.tsx'
import { toasts } from '../../toasts/toasts.ts'
import { type Connection, CONNECTIONS, type Provider } from './use-connections.ts'

interface ConnectTokenProps {
  offer: Provider
  onClose(): void
  /** It reaches several teams. */
  onChooseTeam(connection: Connection): void
}

/** Takes a token; the server asks the provider about it before it keeps it. */
export function ConnectToken({ offer, onClose, onChooseTeam }: ConnectTokenProps) {
  const queries = useQueryClient()
  const [token, setToken] = useState('')
  const connect = useMutation({
    mutationFn: () => call<typeof connectByToken>('POST /connections', { body: { provider: offer.provider, token } }),
    onSuccess: async (connection) => {
      await queries.invalidateQueries({ queryKey: CONNECTIONS })
      toasts.add({ text: `${offer.label} is connected as ${connection.accountName}` })
      const hasTeams = offer.provider === 'vercel' && (await teamsOf(connection)) > 1
      onClose()
      if (hasTeams) onChooseTeam(connection)
    },
  })
  return (
    <Dialog
      title={`Connect ${offer.label} with a token`}
      onClose={onClose}
      footer={
        <>
          <Button size="sm" onClick={onClose}>
            Cancel
          </Button>
          <Button size="sm" variant="primary" type="submit" form="connect-token" aria-busy={connect.isPending}>
            Connect
          </Button>
        </>
      }
    >
      <form
        id="connect-token"
        className="space-y-3"
        onSubmit={(event) => {
          event.preventDefault()
          connect.mutate()
        }}
      >
        <p className="text-sm text-muted">
          {offer.tokenAdvice}{' '}
          <a
            className="text-accent-text underline decoration-border-strong underline-offset-2 hover:decoration-current"
            href={offer.tokenPage}
            target="_blank"
            rel="noreferrer noopener"
          >
            Make one at {new URL(offer.tokenPage).host}
          </a>
        </p>
        <TextField
          label="Token"
          hint="It is checked, then kept sealed on the server. It is not shown again."
          type="password"
          autoComplete="off"
          spellCheck={false}
          autoFocus
          required
          minLength={8}
          maxLength={1000}
          value={token}
          onChange={({ target }) => setToken(target.value)}
        />
        {connect.isError && <ErrorLine error={connect.error} />}
      </form>
    </Dialog>
  )
}

/** How many there are to choose from; none when that cannot be had now, as it can be chosen later too. */
async function teamsOf({ id }: Connection): Promise<number> {
  const answer = await call<typeof listConnectionTeams>('GET /connections/:id/teams', { params: { id } }).catch(() => null)
  return answer?.teams.length ?? 0
}

'use client'

import { useState } from 'react'
import { Button, buttonClass } from '../controls/button.tsx'
import { Row, Rows } from '../settings/block.tsx'
import { ConnectToken } from '../settings/connections/connect-token.tsx'
import { authorizeAddress, useConnections, type Connection, type Provider } from '../settings/connections/use-connections.ts'

const FORGES: readonly string[] = ['github', 'gitlab']

/** The forges whose repositories can be worked in, and the shortest way to connect each. Nothing while that is not known. */
export function ConnectAccounts() {
  const { data } = useConnections()
  const forges = data?.providers.filter(({ provider }) => FORGES.includes(provider)) ?? []
  if (data === undefined || forges.length === 0) return null
  return (
    <section aria-labelledby="connect-accounts" className="mt-8">
      <h3 id="connect-accounts" className="mb-2 text-sm font-medium">
        Or connect an account
      </h3>
      <Rows>
        {forges.map((offer) => (
          <Forge key={offer.provider} offer={offer} connection={data.connections.find(({ provider }) => provider === offer.provider)} />
        ))}
      </Rows>
      <p className="mt-1.5 text-xs text-muted">
        Tokens stay in the server, sealed; no sandbox and no model ever sees one. Notion and Vercel are connected in Settings → Connections.
      </p>
    </section>
  )
}

function Forge({ offer, connection }: { offer: Provider; connection: Connection | undefined }) {
  const [isTyping, setTyping] = useState(false)
  const { provider, label, canAuthorize, fromEnvironment } = offer
  const isConnected = connection !== undefined || fromEnvironment !== null
  return (
    <Row title={label} note={describe(offer, connection)}>
      {!isConnected && (
        <div className="flex gap-2">
          <Button size="sm" aria-label={`Use a token for ${label}`} onClick={() => setTyping(true)}>
            Use a token
          </Button>
          {canAuthorize && (
            <a href={authorizeAddress(provider)} aria-label={`Connect ${label}`} className={buttonClass({ size: 'sm' })}>
              Connect
            </a>
          )}
        </div>
      )}
      {isTyping && <ConnectToken offer={offer} onClose={() => setTyping(false)} onChooseTeam={() => undefined} />}
    </Row>
  )
}

function describe({ fromEnvironment }: Provider, connection: Connection | undefined): string {
  if (connection?.status === 'reconnect') return `${connection.accountName} must be connected again in Settings → Connections`
  if (connection !== undefined) return `Connected as ${connection.accountName}`
  return fromEnvironment === null ? 'Not connected' : `Connected by ${fromEnvironment} on the server`
}

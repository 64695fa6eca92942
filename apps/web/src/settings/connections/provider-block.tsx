'use client'

import { useState } from 'react'
import { Button, buttonClass } from '../../controls/button.tsx'
import { Block, Row, Rows } from '../block.tsx'
import { ChooseTeam } from './choose-team.tsx'
import { ConnectToken } from './connect-token.tsx'
import { ConnectionRow } from './connection-row.tsx'
import { authorizeAddress, type Connection, type Provider } from './use-connections.ts'

interface ProviderBlockProps {
  offer: Provider
  connections: Connection[]
  mayChange: boolean
  isAdministrator: boolean
}

/** One service: the accounts there, and the ways to connect another one. */
export function ProviderBlock({ offer, connections, mayChange, isAdministrator }: ProviderBlockProps) {
  const [isTyping, setTyping] = useState(false)
  const [choosing, setChoosing] = useState<Connection | null>(null)
  const { provider, label, canAuthorize, fromEnvironment } = offer
  const isEmpty = connections.length === 0
  return (
    <Block
      title={label}
      action={
        mayChange && (
          <div className="flex shrink-0 gap-2">
            <Button size="sm" aria-label={`Use a token for ${label}`} onClick={() => setTyping(true)}>
              Use a token
            </Button>
            {canAuthorize && (
              <a
                href={authorizeAddress(provider)}
                aria-label={isEmpty ? `Connect ${label}` : `Connect another ${label} account`}
                className={buttonClass({ variant: isEmpty ? 'primary' : 'secondary', size: 'sm' })}
              >
                {isEmpty ? 'Connect' : 'Connect another'}
              </a>
            )}
          </div>
        )
      }
    >
      <Rows>
        {connections.map((connection) => (
          <ConnectionRow
            key={connection.id}
            connection={connection}
            offer={offer}
            mayChange={mayChange}
            onToken={() => setTyping(true)}
            onChooseTeam={() => setChoosing(connection)}
          />
        ))}
        {fromEnvironment !== null && (
          <Row
            title={<code className="font-mono text-xs">{fromEnvironment}</code>}
            note={
              isEmpty ? 'Set on the server; you use it, and only you.' : 'Set on the server; not used while an account above is connected.'
            }
          />
        )}
        {isEmpty && fromEnvironment === null && <Row title={<span className="text-muted">Not connected</span>} />}
      </Rows>
      {!canAuthorize && <MissingNote offer={offer} isAdministrator={isAdministrator} />}
      {isTyping && <ConnectToken offer={offer} onClose={() => setTyping(false)} onChooseTeam={setChoosing} />}
      {choosing !== null && <ChooseTeam connection={choosing} onClose={() => setChoosing(null)} />}
    </Block>
  )
}

/** What has to be set so that one click is enough. */
function MissingNote({ offer, isAdministrator }: { offer: Provider; isAdministrator: boolean }) {
  const { label, missing, callbackAddress } = offer
  if (!isAdministrator)
    return <p className="mt-1.5 text-xs text-muted">To connect without a token, an administrator sets {label} up on the server.</p>
  return (
    <p className="mt-1.5 text-xs break-words text-muted">
      To let people connect without a token, set <code className="font-mono text-foreground">{missing.join(', ')}</code> on the server and
      register <code className="font-mono break-all text-foreground">{callbackAddress}</code> at {label}.
    </p>
  )
}

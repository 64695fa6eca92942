'use client'

import { useMe } from '../identity/use-me.ts'
import { Block } from './block.tsx'
import { DoctorFindings } from './doctor-findings.tsx'

export function ConnectionsSection() {
  const { data: me } = useMe()
  return (
    <>
      <Block title="How connections work here">
        <div className="space-y-2 text-sm text-muted">
          <p>
            Connections are made on the server, not in this browser: the token of the forge and the addresses of other services stand in its
            environment. The agent never sees them. What leaves a sandbox goes through the airlock, which uses them for you.
          </p>
          <p>
            For pull requests on GitHub set <code className="font-mono text-xs text-foreground">GITHUB_TOKEN</code> (or sign in with the{' '}
            <code className="font-mono text-xs text-foreground">gh</code> program) and start the server again. A local repository needs no
            connection.
          </p>
        </div>
      </Block>
      {me?.role === 'administrator' && (
        <Block title="What the server found">
          <DoctorFindings only={['github', 'model', 'git', 'settings']} />
        </Block>
      )}
    </>
  )
}

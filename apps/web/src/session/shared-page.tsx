'use client'

import { useShareToken } from '../routing/use-session-id.ts'

export function SharedPage() {
  return <main className="p-6 text-sm text-muted">{useShareToken()}</main>
}

'use client'

import { useState } from 'react'
import { initialsOf } from './describe-connection.ts'
import type { Connection } from './use-connections.ts'

/** The account's picture, as this server has fetched it; its letters where there is none. */
export function AccountPicture({ connection: { id, accountName, hasAvatar } }: { connection: Connection }) {
  const [isMissing, setMissing] = useState(!hasAvatar)
  const shape = 'size-6 shrink-0 rounded-full'
  if (!isMissing)
    return <img src={`/api/v1/connections/${id}/avatar`} alt="" className={`${shape} object-cover`} onError={() => setMissing(true)} />
  return (
    <span aria-hidden className={`flex items-center justify-center bg-default text-[0.625rem] font-medium ${shape}`}>
      {initialsOf(accountName)}
    </span>
  )
}

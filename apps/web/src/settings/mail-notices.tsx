'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { changeNotices, showNotices } from '@slipway/server/contract/notice-routes'
import { call, type AnswerOf } from '../api/client.ts'
import { SwitchRow } from '../controls/switch-row.tsx'
import { useMe } from '../identity/use-me.ts'
import { ErrorLine, ErrorState } from '../states/error-state.tsx'
import { SkeletonRows } from '../states/skeleton.tsx'
import { Block } from './block.tsx'

const NOTICES = ['notices']
type Notices = AnswerOf<typeof showNotices>

const rows = [
  ['needsYou', 'A session needs me', 'When nobody has answered for half a minute.'],
  ['finished', 'A session has finished', 'With its outcome.'],
  ['failed', 'A session has failed', 'When it could not go on.'],
] as const

/** What is told by mail, where this installation sends any. */
export function MailNotices() {
  const queries = useQueryClient()
  const { data: me } = useMe()
  const notices = useQuery({ queryKey: NOTICES, queryFn: ({ signal }) => call<typeof showNotices>('GET /notices', { signal }) })
  const change = useMutation({
    mutationFn: (body: Pick<Notices, 'needsYou' | 'finished' | 'failed'>) => call<typeof changeNotices>('PUT /notices', { body }),
    onSuccess: (data) => queries.setQueryData(NOTICES, data),
  })
  if (notices.isPending) return <SkeletonRows rows={3} label="what is told by mail" />
  if (notices.isError) return <ErrorState error={notices.error} onRetry={() => void notices.refetch()} />
  const { canMail, address, needsYou, finished, failed } = notices.data
  const isPossible = canMail && address !== null && me?.role !== 'viewer'
  return (
    <Block title="By mail" note={noteOf(notices.data)}>
      <div className="divide-y divide-border rounded-lg border border-border bg-surface px-3">
        {rows.map(([name, label, hint]) => (
          <SwitchRow
            key={name}
            label={label}
            hint={hint}
            isOn={notices.data[name]}
            isDisabled={!isPossible || change.isPending}
            onChange={(isOn) => change.mutate({ needsYou, finished, failed, [name]: isOn })}
          />
        ))}
      </div>
      {change.isError && <ErrorLine error={change.error} />}
    </Block>
  )
}

function noteOf({ canMail, address }: Notices): string {
  if (!canMail) return 'This installation sends no mail: an administrator sets SMTP_URL and MAIL_FROM on the server.'
  if (address === null) return 'There is no address to send to.'
  return `To ${address}, with the session’s title and what is asked, and nothing else of it.`
}

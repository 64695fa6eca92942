import Link from 'next/link'
import type { SessionCard } from '../sessions/use-sessions.ts'
import { ChangeRequest, Checks } from '../sessions/change-request-state.tsx'
import { lookOf, needs } from '../sessions/needs.ts'
import { outcomeName } from '../sessions/outcome-name.ts'
import { formatAgo, formatMoment } from '../format/date.ts'

/** Sessions of a feature or without one: what each needs, what came of it, its change request and checks. */
export function SessionLines({ sessions, nowMs }: { sessions: readonly SessionCard[]; nowMs: number }) {
  return (
    <ul className="divide-y divide-separator">
      {sessions.map((session) => (
        <SessionLine key={session.id} session={session} nowMs={nowMs} />
      ))}
    </ul>
  )
}

function SessionLine({ session, nowMs }: { session: SessionCard; nowMs: number }) {
  const kind = needs.find(({ need }) => need === session.need)
  const { icon: Icon, tone } = lookOf(session)
  return (
    <li className="relative flex items-start gap-2 px-3 py-2 hover:bg-surface-secondary">
      <Icon aria-hidden strokeWidth={1.75} className={`mt-0.5 size-3.5 shrink-0 ${tone}`} />
      <div className="min-w-0 flex-1">
        <Link
          href={`/sessions/${session.id}`}
          prefetch={false}
          title={session.title}
          className="line-clamp-2 text-xs break-words before:absolute before:inset-0"
        >
          {session.title}
        </Link>
        <p className="flex flex-wrap gap-x-1.5 text-2xs text-muted">
          <span className={session.need === 'needs-you' ? 'text-warning-text' : ''}>{kind?.name}</span>
          {session.outcome !== null && (
            <>
              <span aria-hidden>·</span>
              <span className={session.outcome === 'failed' ? 'text-danger-text' : ''}>{outcomeName(session.outcome)}</span>
            </>
          )}
          <span aria-hidden>·</span>
          <span title={formatMoment(session.updatedAt)}>{formatAgo(session.updatedAt, nowMs)}</span>
        </p>
      </div>
      <div className="relative flex shrink-0 items-center gap-1.5">
        <Checks checks={session.checks} />
        <ChangeRequest changeRequest={session.changeRequest} />
      </div>
    </li>
  )
}

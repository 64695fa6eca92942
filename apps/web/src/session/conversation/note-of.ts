// The one-line notes between what is said and done.

import { cleanUntrusted, removedText } from '@slipway/core/text/clean'
import type { BaseTakenIn, DeploymentUpdated, SessionEvent } from '@slipway/core/events'
import { modeOf } from '../../composer/modes.ts'
import { formatCount, plural } from '../../format/count.ts'
import type { NoteRow } from './row.ts'

type Note = Pick<NoteRow, 'icon' | 'tone' | 'verb' | 'text' | 'ms' | 'detail' | 'href'>

const plain = { tone: 'quiet' as const, ms: null, detail: null, href: null }

/** null: nothing that a person needs to be told. */
export function noteOf({ body }: SessionEvent): Note | null {
  switch (body.type) {
    case 'session-forked':
      return {
        ...plain,
        icon: 'fork',
        verb: 'Forked',
        text: `from an earlier session at event ${body.fromSeq}${body.model ? `, going on with ${body.model}` : ''}`,
        href: `/sessions/${body.fromSessionId}?at=${body.fromSeq}`,
      }
    case 'repository-prepared':
      return {
        ...plain,
        icon: 'repository',
        verb: 'Repository',
        text: `${body.baseBranch} at ${body.baseOid.slice(0, 10)}, work goes to ${body.branch}`,
        ms: body.ms,
      }
    case 'sandbox-started':
      return { ...plain, icon: 'sandbox', verb: 'Sandbox', text: `${body.backend}, with the work tree as it was`, ms: body.ms }
    case 'setup-finished':
      return {
        ...plain,
        icon: 'setup',
        tone: body.ok ? 'quiet' : 'bad',
        verb: 'Set-up',
        text: body.ok ? (body.cached ? 'taken from the cache' : plural(body.steps.length, 'command')) : 'failed; packages may be missing',
        ms: body.ms,
        detail: body.ok ? null : body.steps.map((step) => `$ ${step.command}\n${step.tail}`).join('\n\n'),
      }
    case 'context-added':
      return contextNote(body)
    case 'autonomy-changed': {
      const { name, hint } = modeOf(body.autonomy)
      return { ...plain, icon: 'mode', verb: 'Mode', text: name, detail: hint }
    }
    case 'stop-requested':
      return { ...plain, icon: 'stop', tone: 'warn', verb: 'Stop', text: body.reason || 'requested' }
    case 'checkpoint-restored':
      return { ...plain, icon: 'restore', verb: 'Rolled back', text: body.reason }
    case 'branch-pushed':
      return {
        ...plain,
        icon: 'push',
        verb: 'Pushed',
        text: `${body.oid.slice(0, 10)} to ${body.branch}${body.alreadyThere ? ', where it was already' : ''}`,
      }
    case 'conflict-noticed':
      return { ...plain, icon: 'guard', tone: 'warn', verb: 'Conflict', text: `with ${body.base}: the change request cannot be merged` }
    case 'base-taken-in':
      return { ...plain, icon: 'report', verb: 'Base', text: baseTaken(body) }
    case 'change-request-updated':
      return {
        ...plain,
        icon: 'report',
        verb: 'Change request',
        text: `${body.number} ${body.state === 'open' ? 'was opened again' : `was ${body.state}`}`,
      }
    case 'deployment-updated':
      if (body.target === 'local')
        return { ...plain, icon: 'deploy', tone: body.state === 'failed' ? 'warn' : 'quiet', verb: 'Preview', text: localPreview(body) }
      return { ...plain, icon: 'deploy', verb: 'Deployment', text: body.state, href: body.url }
    case 'write-back-done':
      return { ...plain, icon: 'report', verb: 'Reported', text: `to ${body.target}`, href: body.url }
    case 'outputs-pruned':
      return {
        ...plain,
        icon: 'compact',
        verb: 'Context',
        text: `${plural(body.callIds.length, 'older output')} left out from now on, ${formatCount(body.savedTokens)} tokens saved`,
      }
    case 'context-compacted':
      return {
        ...plain,
        icon: 'compact',
        verb: 'Context',
        text: `earlier conversation summarised, ${formatCount(body.beforeTokens)} → ${formatCount(body.afterTokens)} tokens`,
        detail: body.summary,
      }
    case 'guard-tripped':
      // A parked session asks whether to go on, and says why.
      return body.action === 'park' ? null : { ...plain, icon: 'guard', tone: 'warn', verb: 'Reminded', text: body.reason }
    default:
      return null
  }
}

function contextNote({ origin, trust, text }: Extract<SessionEvent['body'], { type: 'context-added' }>): Note | null {
  if (trust === 'untrusted') {
    const removed = removedText(cleanUntrusted(text).removed)
    return removed === null
      ? null
      : { ...plain, icon: 'guard', tone: 'warn', verb: 'Hidden text', text: `taken out of ${origin}: ${removed}` }
  }
  if (origin === 'fork' || origin === 'rollback')
    return { ...plain, icon: 'note', verb: 'Told', text: 'the agent what changed under it', detail: text }
  return origin.startsWith('nudge: ') ? { ...plain, icon: 'guard', tone: 'warn', verb: 'Reminded', text } : null
}

function baseTaken({ base, baseOid, checkpoint, conflicts }: BaseTakenIn): string {
  if (checkpoint === null) return `${base} was in the branch already`
  const merged = `${base} at ${baseOid.slice(0, 10)} was merged into the work tree`
  return conflicts.length === 0 ? merged : `${merged}; conflicts in ${conflicts.slice(0, 5).join(', ')}${conflicts.length > 5 ? ' …' : ''}`
}

function localPreview({ state, message }: DeploymentUpdated): string {
  const why = message ?? ''
  return why === '' ? state : `${state}: ${why}`
}

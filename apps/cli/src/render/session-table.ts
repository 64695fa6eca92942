// The list of sessions.

import type { SessionRow } from '@slipway/server/contract/session-schemas'
import { formatCost } from './format.ts'
import { columnsOf, oneLine } from './plain-text.ts'
import type { Style } from './style.ts'

/** One line a session, newest first, with ids short enough to type and long enough to be unique here. */
export function renderSessions(rows: readonly SessionRow[], style: Style): string[] {
  const length = shortestUnique(rows.map((row) => row.id))
  return rows.map((row) => {
    const left = `${row.id.slice(0, length)}  ${style.dim(row.createdAt.slice(0, 16).replace('T', ' '))}  ${pad(state(row, style), 16)}`
    const cost = formatCost(row.costMicros)
    const room = Math.max(16, style.width - columnsOf(left) - cost.length - 4)
    return `${left}  ${pad(oneLine(row.title, room), room)}  ${style.dim(cost)}`
  })
}

function state(row: SessionRow, style: Style): string {
  if (row.status === 'waiting') return style.warn('? waiting')
  if (row.status === 'running') return style.accent('◐ running')
  if (row.outcome === 'verified') return style.good('✓ verified')
  if (row.outcome === 'failed') return style.bad('✗ failed')
  return `· ${row.outcome ?? 'done'}`
}

function shortestUnique(ids: readonly string[]): number {
  for (let length = 8; length < 26; length++) {
    if (new Set(ids.map((id) => id.slice(0, length))).size === ids.length) return Math.min(26, length + 1)
  }
  return 26
}

function pad(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)))
}

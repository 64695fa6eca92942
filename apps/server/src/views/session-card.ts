// One line of a list, as the API shows it.

import type { Queryable } from '@slipway/store/person-store'
import { listCards, type CardFilter, type SessionCard } from '@slipway/store/session-cards'
import type { SessionRow } from '../contract/session-schemas.ts'
import { countChecks } from './count-checks.ts'

export function viewCard(card: SessionCard): SessionRow {
  const { changeRequest, checks, ask } = card
  return {
    id: card.id,
    title: card.title,
    status: card.status,
    outcome: card.outcome,
    openQuestions: card.openAsks.length,
    repository: card.repositoryUrl,
    costMicros: card.costMicros,
    createdAt: card.createdAt,
    updatedAt: card.updatedAt,
    need: card.need,
    isArchived: card.isArchived,
    changeRequest: changeRequest && { number: changeRequest.number, url: changeRequest.url, isDraft: changeRequest.draft },
    checks: checks && countChecks(checks),
    question: ask?.question ?? null,
  }
}

/** Newest first. */
export async function viewCards(store: Queryable, filter: CardFilter): Promise<SessionRow[]> {
  return (await listCards(store, filter)).map(viewCard)
}

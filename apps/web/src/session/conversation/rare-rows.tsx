// Rows whose code is fetched when the first of them is shown: one piece of code, one rendering.

export { AskCard } from '../cards/ask-card.tsx'
export { BlockedCard } from '../cards/blocked-card.tsx'
export { ChangeRequestCard } from '../cards/change-request-card.tsx'
export { CommitCard } from '../cards/commit-card.tsx'
export { DeploymentCard } from '../cards/deployment-card.tsx'
export { PlanCard } from '../cards/plan-card.tsx'
export { ReviewCard } from '../cards/review-card.tsx'
export { VerificationCard } from '../cards/verification-card.tsx'
export { FailureRowView } from './failure-row-view.tsx'

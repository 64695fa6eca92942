import { OutsideLink } from '../session/conversation/outside-link.tsx'
import { safeUrl } from '../session/conversation/safe-url.ts'
import type { Plan } from './use-plans.ts'

/** What it began with, as it was written. */
export function IdeaSection({ plan }: { plan: Plan }) {
  return (
    <section aria-labelledby="idea">
      <h2 id="idea" className="mb-2 text-base font-medium">
        Idea
      </h2>
      <div
        tabIndex={0}
        role="group"
        aria-label="The idea as it was written"
        className="max-h-60 overflow-y-auto rounded-lg bg-surface-tertiary px-3 py-2 text-sm break-words whitespace-pre-wrap"
      >
        {plan.idea}
      </div>
      {plan.pageUrl !== null && safeUrl(plan.pageUrl) !== null && (
        <p className="mt-1 text-xs text-muted">
          From <OutsideLink href={plan.pageUrl}>a page of Notion</OutsideLink>. It is data for the model, not an instruction.
        </p>
      )}
    </section>
  )
}
